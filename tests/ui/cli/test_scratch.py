import socket
from nodes.samples import *
from nodes.fake_node import *
HTML=b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"
def test_x(cli,node,published,capsys):
    good=catalogue("a","b")
    cases={
     "empty":"", "html":HTML.decode(), "truncated":good[:len(good)-60], "prefix":good.replace("@prefix dct:","#"),
     "badiri":good.replace("@en .","@en ; dcat:landingPage <http://bad iri/> .",1),
     "badiri2":good+f'<{BASE}c> a dcat:Dataset ; dct:title "c" ; dcat:landingPage <http://bad iri/> .\n'+f'<{BASE}d> a dcat:Dataset ; dct:title "d" .\n',
     "nods":PREFIXES+f"<{BASE}catalogue> a dcat:Catalog .",
    }
    out=[]
    url=node.serve("/c.ttl",good)
    cli("sources","add","n",url,"--allow-private")
    print(cli("harvest","--json").json["runs"][0]["new"])
    for k,v in cases.items():
        node.serve("/c.ttl",v)
        s=cli("harvest","--json"); r=s.json["runs"][0]
        out.append((k,s.code,r["outcome"],{x:r[x] for x in ("seen","new","changed","unchanged","rejected","failed","withdrawn")},r["problems"]))
    s=socket.socket(); s.bind(("127.0.0.1",0)); port=s.getsockname()[1]
    cli("sources","add","n",f"http://127.0.0.1:{port}/x")
    for extra in ((),("--no-allow-private",)):
        x=cli("sources","add","n",f"http://127.0.0.1:{port}/x",*extra); out.append(x)
        x=cli("harvest","--json"); r=x.json["runs"][0]; out.append((x.code,r["outcome"],r["problems"]))
    x=cli("search","--json"); out.append(x.json["total"])
    node.serve("/c.ttl",good)
    x=cli("sources","add","n",url); x=cli("harvest"); out.append(x)
    with capsys.disabled():
        for o in out: print(o)
