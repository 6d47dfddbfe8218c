"""The languages the corpus is written in: small words, terms of health and genomics, sounds, and real endings.

Everything here was written for this corpus. Words beyond the listed ones are made of the sounds, and take the endings
of their language, so that its stemmer has work to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """What texts of one language are made of. `code` is that of the EU language list.

    `small`: the most frequent words, by frequency. `terms`: health and genomics, by frequency. `onsets`, `nuclei` and
    `codas` are the sounds of a syllable; half of the syllables have no coda. `endings`: a word is a noun, a verb or an
    adjective, and takes the endings of one of these rows. `bodies`: kinds of institution, with `*` for a made-up place.
    `committee`: what a data access committee is called.
    """

    tag: str
    code: str
    small: tuple[str, ...]
    terms: tuple[str, ...]
    onsets: tuple[str, ...]
    nuclei: tuple[str, ...]
    codas: tuple[str, ...]
    endings: tuple[tuple[str, ...], ...]
    bodies: tuple[str, ...]
    committee: str


def _language(tag: str, code: str, rows: Mapping[str, str]) -> Language:
    return Language(
        tag,
        code,
        small=tuple(rows["small"].split()),
        terms=tuple(rows["terms"].split()),
        onsets=tuple(rows["onsets"].split()),
        nuclei=tuple(rows["nuclei"].split()),
        codas=(*rows["codas"].split(), *[""] * len(rows["codas"].split())),
        endings=tuple(tuple(part.strip("-") for part in row.split()) for row in rows["endings"].split("|")),
        bodies=tuple(body.strip() for body in rows["bodies"].split("|")),
        committee=rows["committee"],
    )


ENGLISH: Final = _language(
    "en",
    "ENG",
    {
        "small": "the of and in to for with from by were are on at is or this as that which all have between who each",
        "terms": (
            "data patients genome cancer cohort samples study genetic clinical sequencing health disease registry "
            "variants treatment diagnosis blood tumour hospital biobank population follow-up genomes exome phenotype "
            "mutation diabetes risk therapy rare infection vaccination screening cardiovascular imaging mortality "
            "children pregnancy breast lung genotyping heart kidney immune metabolic dementia stroke asthma "
            "prescriptions survival tissue plasma transcriptome methylation proteomics germline somatic oncology "
            "paediatric neurology cardiomyopathy hypertension epilepsy melanoma leukaemia fibrosis pharmacogenomics"
        ),
        "onsets": "b br c ch cl cr d dr f fl fr g gr h j k l m n p pl pr qu r s sc sh sl sp st str t th tr v w wh",
        "nuclei": "a e i o u ai ea ee oa oo ou ie",
        "codas": "b ck d ft g l ll m n nd ng nt p r rd rk rn s ss st t th x",
        "endings": "- -s|- -s -ed -ing|- -ly -ness|-ation -ations -ate -ated|-er -ers|-ity -ities -al -ally",
        "bodies": (
            "University Hospital of *|* Institute of Health|National Registry *|* Medical Centre|* Research Foundation"
        ),
        "committee": "Data Access Committee",
    },
)
FRENCH: Final = _language(
    "fr",
    "FRA",
    {
        "small": "de la les des et le du en à dans un une par pour au sur avec aux ont est qui que chez ou leur entre",
        "terms": (
            "données patients santé étude cohorte génome maladies cancer échantillons génétique cliniques séquençage "
            "registre variants traitement diagnostic sang tumeur hôpital biobanque population suivi génomes exome "
            "phénotype mutations diabète risque thérapie rares infection vaccination dépistage cardiovasculaire "
            "imagerie mortalité enfants grossesse sein poumon génotypage cœur rein immunitaire métabolique démence "
            "accident asthme prescriptions survie tissus plasma transcriptome méthylation protéomique germinale "
            "somatique oncologie pédiatrique neurologie cardiomyopathie hypertension épilepsie mélanome leucémie"
        ),
        "onsets": "b bl br c ch cl d f fl g gr j l m n p pl pr qu r s t tr v",
        "nuclei": "a e i o u é è ai au eau eu oi ou in on an",
        "codas": "c l n r s t x rt ll ss",
        "endings": (
            "- -s|-e -es|-er -é -ée -és -ées -ant|-tion -tions|-ment -ments|-eur -eurs -euse|-ique -iques|-ité -ités"
        ),
        "bodies": "Centre hospitalier de *|Institut *|Université de *|Observatoire de santé *|Fondation *",
        "committee": "Comité d'accès aux données",
    },
)
GERMAN: Final = _language(
    "de",
    "DEU",
    {
        "small": "der die und in den von mit für des zu das im dem auf aus bei werden wurden eine nach sowie oder über",
        "terms": (
            "Daten Patienten Gesundheit Studie Kohorte Genom Krebs Erkrankungen Proben genetische klinische "
            "Sequenzierung Register Varianten Behandlung Diagnose Blut Tumor Krankenhaus Biobank Bevölkerung "
            "Nachbeobachtung Genome Exom Phänotyp Mutationen Diabetes Risiko Therapie seltene Infektion Impfung "
            "Früherkennung Herz Bildgebung Sterblichkeit Kinder Schwangerschaft Brust Lunge Genotypisierung Niere "
            "Immunsystem Stoffwechsel Demenz Schlaganfall Asthma Verordnungen Überleben Gewebe Plasma Transkriptom "
            "Methylierung Proteomik Keimbahn somatische Onkologie Pädiatrie Neurologie Kardiomyopathie Bluthochdruck"
        ),
        "onsets": "b bl d dr f fl g gr h k kl kr l m n p pf r s sch schl st t tr v w z zw",
        "nuclei": "a e i o u ä ö ü au ei eu ie",
        "codas": "ch ck f g l ll m n nd ng nk r rk s ss st t tz",
        "endings": (
            "- -e -en|-ung -ungen|-lich -liche -lichen -licher|-keit -keiten|-er -ern -erin|-en -t -te "
            "-ten|-isch -ische"
        ),
        "bodies": "Universitätsklinikum *|Institut für Gesundheit *|Krebsregister *|Klinikum *|Stiftung *",
        "committee": "Datenzugangskomitee",
    },
)
SPANISH: Final = _language(
    "es",
    "SPA",
    {
        "small": "de la los en y el las del con para por se a una un al que como entre sobre desde fueron cada según",
        "terms": (
            "datos pacientes salud estudio cohorte genoma cáncer enfermedades muestras genética clínicos secuenciación "
            "registro variantes tratamiento diagnóstico sangre tumor hospital biobanco población seguimiento genomas "
            "exoma fenotipo mutaciones diabetes riesgo terapia raras infección vacunación cribado cardiovascular "
            "imagen mortalidad niños embarazo mama pulmón genotipado corazón riñón inmunitario metabólico demencia "
            "ictus asma prescripciones supervivencia tejido plasma transcriptoma metilación proteómica germinal "
            "somática oncología pediátrica neurología miocardiopatía hipertensión epilepsia melanoma leucemia"
        ),
        "onsets": "b br c ch d f fl g gr j l ll m n p pl pr qu r s t tr v",
        "nuclei": "a e i o u ie ue á é í ó",
        "codas": "l n r s z d",
        "endings": "-o -os|-a -as|-ción -ciones|-ar -ado -ada -ados -ando|-mente|-dad -dades|-ico -ica -icos -icas",
        "bodies": "Hospital Universitario de *|Instituto de Salud *|Registro de *|Fundación *|Universidad de *",
        "committee": "Comité de acceso a datos",
    },
)
ITALIAN: Final = _language(
    "it",
    "ITA",
    {
        "small": "di la e il in i del della dei con per le da un una nel sono tra che alla dalle ogni sui come",
        "terms": (
            "dati pazienti salute studio coorte genoma cancro malattie campioni genetica clinici sequenziamento "
            "registro varianti trattamento diagnosi sangue tumore ospedale biobanca popolazione follow-up genomi "
            "esoma fenotipo mutazioni diabete rischio terapia rare infezione vaccinazione screening cardiovascolare "
            "immagini mortalità bambini gravidanza mammella polmone genotipizzazione cuore rene immunitario metabolico "
            "demenza ictus asma prescrizioni sopravvivenza tessuto plasma trascrittoma metilazione proteomica "
            "germinale somatica oncologia pediatrica neurologia cardiomiopatia ipertensione epilessia melanoma"
        ),
        "onsets": "b br c ch d f fr g gl gn l m n p pr qu r s sc st t tr v z",
        "nuclei": "a e i o u ia io uo à è",
        "codas": "l m n r s",
        "endings": "-o -i|-a -e|-zione -zioni|-are -ato -ata -ati -ate|-mente|-ità|-ico -ica -ici -iche|-tore -tori",
        "bodies": "Ospedale di *|Istituto superiore *|Università di *|Fondazione *|Registro tumori di *",
        "committee": "Comitato di accesso ai dati",
    },
)
DUTCH: Final = _language(
    "nl",
    "NLD",
    {
        "small": "de van en het in een met voor op te uit door bij zijn worden aan naar die deze werden als over per",
        "terms": (
            "gegevens patiënten gezondheid studie cohort genoom kanker ziekten monsters genetische klinische "
            "sequencing register varianten behandeling diagnose bloed tumor ziekenhuis biobank bevolking opvolging "
            "genomen exoom fenotype mutaties diabetes risico therapie zeldzame infectie vaccinatie screening hart "
            "beeldvorming sterfte kinderen zwangerschap borst long genotypering nier immuunsysteem stofwisseling "
            "dementie beroerte astma voorschriften overleving weefsel plasma transcriptoom methylatie proteomica "
            "kiembaan somatische oncologie kindergeneeskunde neurologie cardiomyopathie hypertensie epilepsie melanoom"
        ),
        "onsets": "b bl d dr f g gr h k kl kr l m n p r s sch sl st str t v vl w z",
        "nuclei": "a e i o u aa ee oo uu ij oe ui eu ie",
        "codas": "cht d f g k l m n nd ng nk p r rk s st t",
        "endings": "- -en|- -s|-ing -ingen|-heid -heden|-elijk -elijke|-er -ers|-t -de -den|-tie -ties|-isch -ische",
        "bodies": "Universitair Medisch Centrum *|Instituut *|Ziekenhuis *|Stichting *|Universiteit *",
        "committee": "Datatoegangscommissie",
    },
)
PORTUGUESE: Final = _language(
    "pt",
    "POR",
    {
        "small": "de e a o da do os em com para dos das no na por as um uma foram que entre ao cada sobre como",
        "terms": (
            "dados doentes saúde estudo coorte genoma cancro doenças amostras genética clínicos sequenciação registo "
            "variantes tratamento diagnóstico sangue tumor hospital biobanco população seguimento genomas exoma "
            "fenótipo mutações diabetes risco terapia raras infeção vacinação rastreio cardiovascular imagiologia "
            "mortalidade crianças gravidez mama pulmão genotipagem coração rim imunitário metabólico demência "
            "asma prescrições sobrevivência tecido plasma transcriptoma metilação proteómica germinal somática"
        ),
        "onsets": "b br c ch d f fl g gr j l lh m n nh p pr qu r s t tr v",
        "nuclei": "a e i o u ã ei ou á é í ó ão",
        "codas": "l m r s z",
        "endings": "-o -os|-a -as|-ção -ções|-ar -ado -ada -ados -ando|-mente|-dade -dades|-ico -ica -icos -icas",
        "bodies": "Hospital Universitário de *|Instituto de Saúde *|Universidade de *|Fundação *|Registo *",
        "committee": "Comissão de acesso aos dados",
    },
)
FINNISH: Final = _language(
    "fi",
    "FIN",
    {
        "small": "ja on sekä että tai jotka ovat kuin myös joka sen vuoden mukaan kanssa välillä oli ei se niiden",
        "terms": (
            "aineisto potilaat terveys tutkimus kohortti genomi syöpä sairaudet näytteet geneettinen kliininen "
            "sekvensointi rekisteri variantit hoito diagnoosi veri kasvain sairaala biopankki väestö seuranta "
            "genomit eksomi fenotyyppi mutaatiot diabetes riski terapia harvinaiset infektio rokotus seulonta "
            "sydän kuvantaminen kuolleisuus lapset raskaus rinta keuhko genotyypitys munuainen immuniteetti "
            "aineenvaihdunta dementia aivohalvaus astma reseptit elossaolo kudos plasma transkriptomi metylaatio "
            "proteomiikka ituradan somaattinen onkologia lastentaudit neurologia kardiomyopatia verenpaine "
            "epilepsia melanooma leukemia"
        ),
        "onsets": "h j k l m n p r s t v",
        "nuclei": "a e i o u y ä ö aa ii uu ää ai ei oi uo ie yö",
        "codas": "l n r s t",
        "endings": (
            "-a -an -assa -asta -at -aan|-i -in -issa -ista -it -iin|-minen -misen -miset|-us -uksen -ukset -uksessa"
        ),
        "bodies": "* yliopistollinen sairaala|* terveyslaitos|* rekisteri|* tutkimussäätiö|* yliopisto",
        "committee": "Datan käyttölupakomitea",
    },
)
SWEDISH: Final = _language(
    "sv",
    "SWE",
    {
        "small": "och i av för med som till från på den en det är vid om ett har de efter samt eller mellan alla hos",
        "terms": (
            "data patienter hälsa studie kohort genom cancer sjukdomar prover genetiska kliniska sekvensering register "
            "varianter behandling diagnos blod tumör sjukhus biobank befolkning uppföljning genomen exom fenotyp "
            "mutationer diabetes risk terapi sällsynta infektion vaccination screening hjärta bilddiagnostik dödlighet "
            "barn graviditet bröst lunga genotypning njure immunförsvar ämnesomsättning demens stroke astma recept "
            "överlevnad vävnad plasma transkriptom metylering proteomik somatiska onkologi pediatrik neurologi"
        ),
        "onsets": "b bl d dr f fl g gr h j k kl l m n p r s sj sk sp st t tr v",
        "nuclei": "a e i o u y å ä ö",
        "codas": "d ft g k l ll m n nd ng r rk s st t",
        "endings": (
            "- -en -ar -arna|- -et -en|-ning -ningen -ningar|-het -heter|-lig -liga -ligt|-a -ar -ade -at|-isk -iska"
        ),
        "bodies": "* universitetssjukhus|* folkhälsoinstitut|* kvalitetsregister|* universitet|Stiftelsen *",
        "committee": "Dataåtkomstkommitté",
    },
)
LANGUAGES: Final[Mapping[str, Language]] = {
    each.tag: each for each in (ENGLISH, FRENCH, GERMAN, SPANISH, ITALIAN, DUTCH, PORTUGUESE, FINNISH, SWEDISH)
}
