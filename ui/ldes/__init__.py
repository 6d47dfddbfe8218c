"""The catalogue as a Linked Data Event Stream: everything that ever happened to its records, page by page.

After LDES 1.0 on TREE, as DCAT-AP Feeds are published: each member is an activity, and the description the record had
from then on is the named graph of that name. The journal is such a stream already, so nothing is kept for it.
"""
