"""A word goes in, whether English uses it as an ordinary one comes out: "paid", "pain" and "walking", not "Google".

Stems (Snowball) of words that at least three of 85 documents have in lower case (papers on
machine learning, reports of trials, web pages and our own documentation),
without those that are written as names about as often, and the irregular
participles. A list here saves false alarms; what a document itself writes as a
name stays one.
"""

from __future__ import annotations

from collections.abc import Iterator

from survey_extract.core.words.lexicon import ORDINARY


def is_english_word(key: str) -> bool:
    """Whether a small-letter word, in some form, is an ordinary word of English."""
    return key in ORDINARY or any(form in _STEMS for form in _forms(key))


_ENDINGS = (
    "s",
    "es",
    "e",
    "ed",
    "d",
    "ing",
    "er",
    "ers",
    "ly",
    "ion",
    "ions",
    "ation",
    "ations",
    "al",
    "ally",
    "ity",
    "ment",
    "ments",
)


def _forms(key: str) -> Iterator[str]:
    """A word without each ending that it may have; "y" is "i" at the end of a stem."""
    for form in (key, *(key.removesuffix(end) for end in _ENDINGS if key.endswith(end))):
        if len(form) > 2:
            yield form
            yield f"{form.removesuffix('y')}i"


_STEMS = frozenset(
    (
        "abbrevi abdomin abil abl ablat abnorm abort abov absenc absent absolut absorb academ acc accept access accid"
        " accommod accompani accomplish accord account accumul accur accuraci acet achiev acid acknowledg acquir"
        " acquisit act action activ actual acut adapt add addit address adenosin adequ adequaci adher adjunct adjust"
        " administ administr admiss admit adolesc adopt adren adult advantag advers adversari advertis advic advis advoc"
        " affect afford age agenc agent aggreg agnost ago agonist agre agreement aid air airway alarm albeit alcohol"
        " algorithm alias alik allerg allergi allevi alloc allow alon alpha alphabet alreadi alter altern alway amaz"
        " ambigu amongst amount amplif amplifi amus analges analgesia analog analogu analys analysi analyt analyz"
        " anatomi anecdot anesthesia angl ani anim annot announc anoth answer anterior antibacteri antibiot antibodi"
        " anticip anwser anxieti anyth apoptosi appar appeal appear append appetit appli applic appoint appreci approach"
        " appropri approv approxim arbitrari arbitrarili architectur archiv are area arg argu argument aris arm armor"
        " arrang array arrest arrhythmia arriv arrow art arteri arthriti articl artist artwork ask aspect aspir assay"
        " assess assign assist associ assum assumpt assur asthma ate atmospher attach attack attain attempt attend"
        " attent attract attribut attrit audio augment author auto autoimmun autom automat autoregress auxiliari avail"
        " averag avoid awar back backbon background backward bacteri bacteria bad bag bake balanc ball balloon bar bare"
        " barrier base baselin bash basi basic batch beach beam bear beat beauti becam becaus becom bed befor began"
        " begin begun behav behavior behaviour belief believ belong benchmark benefici benefit benign besid best beta"
        " better bias bibtex bidirect big bigger biggest bilater bilingu bill billion binari biochem biochemistri biolog"
        " biomark bird birth birthday bit black bladder blank bled bleed blend blind bloat block blocker blog blood blue"
        " blueberri bodi bold bone book booktitl boost border bottl bottleneck bottom bought bound boundari bowl box boy"
        " bracket brain branch bread break breakdown breakfast breakthrough breast breath bred bridg brief briefli"
        " bright bring broad broaden broader broke broken bronchiti brought browser budget build built burden bustl"
        " button butyr buy bypass byte cach cake calcium calcul calibr call calm came camera cancer candid cannot capabl"
        " capac capillari capit capsul caption captur car carbohydr carbon card cardiac cardiovascular care carri carrot"
        " cascad case cast cat catch categor categori cathet caught caus causal caution celebr censor centr centrifug"
        " cereal certifi cervic chain challeng chanc chang channel charact character characterist charg charm chart"
        " chatbot chatgpt check checkpoint chees cherish chest childhood children chip choic cholesterol choos chop"
        " chose chosen chronic chronolog cigarett circl circul circumfer citabl cite claim clarifi class classic classif"
        " classifi claus clean clear clearanc click client clinic clinician clock clone close closer cloth clue cluster"
        " coach code codebas coeffici coffe cognit coher cohort cold collabor collaps colleagu collect colon color"
        " colour column combin come comfort command commenc comment commerci commit common commonsens communic communiti"
        " comorbid compact compani compar comparison compat compel compens compet competit complaint complementari"
        " complet complex compli complianc complic compon compos composit compound comprehend comprehens compress"
        " compris compromis comput concaten conceal concentr concept concern concis conclud conclus concomit concurr"
        " conda condit conduct confid config configur confin confirm conflict conform confound confus conjectur conjunct"
        " connect connector conscious consecut consensus consent consequ conserv consid consider consist const constant"
        " constip constitu constrain constraint construct consult consum consumpt contact contain contamin content"
        " context contextu continu contradict contrari contrast contribut control controversi conveni convent converg"
        " convers convert convinc convolut cook cool coordin copi core corner coronari corpora corpus correct correl"
        " correspond corrobor corticosteroid cosin cost cough couldn counsel counselor count counter counteract"
        " counterpart countri coupl cours covari cover coverag cream creat creatinin creation creativ criteria criterion"
        " critic crop cross crossov crowdsourc crucial cue cultur cumul cup curat current curriculum curv custom cut"
        " cutoff cycl cytokin daili damag danger dark dash data databas dataset date day deal death debat decad decay"
        " decid decis declin decod decompos decoupl decreas dedic deduc dedupl deep deeper deepspe def default defect"
        " defer defici defin definit degener degrad degre delay delet delin deliv deliveri demand demo demograph"
        " demonstr den deni denot dens densiti depend depict deploy depress depth deriv descent describ descript design"
        " desir despit detail detect detector deterior determin detoken develop development deviat devic diabet diagnos"
        " diagnosi diagram dialogu diamet diari diarrhea diastol dictat dictionari diet dietari differ differenti"
        " difficult difficulti diffus digest digit dilut dim dimens diminish dioxid direct directori disabl disadvantag"
        " discard discharg discomfort discontinu discours discov discoveri discrep discret discrimin discuss diseas dish"
        " disk disord dispar dispens display disrupt dissect distal distanc distant distil distinct distinguish distress"
        " distribut disturb diverg divers divid divis dmodel doc doctor document doe doesn dog domain domin don door"
        " dosag dose dot doubl doubt download downstream dozen draft dramat drastic draw drawn dress drew dri drink"
        " drive driven dropout drove drug drunk dual due duplic durat dure dynam dysfunct dyslipidemia ear earli earlier"
        " earliest eas easi easier easili econom edg edit editor educ effect efficaci effici effort egg eight elect"
        " electr electron element elev elicit elig elimin els elsewher email embed emerg emergenc emoji emot emphas"
        " employ employe empow empti enabl enclos encod encount encourag end endotheli endotrach endpoint endur energi"
        " engag engin enhanc enigmat enjoy enlarg enorm enrich enrol ensembl ensur entail enter entir entiti entri"
        " envelop environ enzym episod epoch equal equat equip equival error erythema escap especi essenti establish"
        " estim etc evalu event eventu everi everyday everyon everyth evid evidenc evok evolut evolv exacerb exact"
        " examin exampl exceed excel excess excit exclud exclus execut exercis exert exhaust exhibit exist exit exp"
        " expand expans expect expenditur expens experi experienc experiment expert expiratori explain explan"
        " explanatori explicit exploit explor exploratori export expos exposur express extend extens extent extern extra"
        " extract extrapol extrem eye facil facilit fact factor factual fail failur fair fall fallen fals famili"
        " familiar famous far fashion fast faster fat fatti favor favour feasibl featur fed feed feedback feel feet fell"
        " felt femal fertil fetch field file fill film filter final financi find finetun finish fish fit fix flag flare"
        " flat flatten flavor fled flew flexibl fli flight float flow flowchart fluid focus fold folder follow font food"
        " footnot footprint forc foreign form formal format former formul formula forward fought found foundat fourth"
        " fraction fragment frame framework free freedom freez frequenc frequent fresh friend front froze frozen fruit"
        " fulfil full fulli fun function fund fundament funder funni fuse fusion futur gain gamma gas gastric"
        " gastrointestin gate gather gaug gave gender gene general generalis generalist generaliz generat generic genet"
        " gentl geometr gestat get giant girl give given glass global glow glucos glycem glycemia goal goe gold gone"
        " good got govern gpu gpus grade gradient gradual graft gram grammar grand grant graph graphic grasp grate great"
        " greater greatest greedi green grew grid ground group grow grown growth gtag guarante guess guid guidanc"
        " guidelin gut habit habitu haematolog haemoglobin haemorrhag hallucin halv hand handl handwritten happen happi"
        " hard hardwar harm has hash hat hate have hazard head headach header healthi heard heart heat heavi heavili"
        " held help hemodynam hemoglobin henc hepat herbal heterogen heurist hidden hierarch high higher highest"
        " highlight himself hing hip histori hit hoc hold home homemad homeostasi homogen hope hormon host hour hous"
        " howev huge huggingfac human humor hundr hypernym hyperparamet hypertens hyphen hypothes hypothesi ice icon"
        " idea ideal ident identif identifi ignor iii ill illustr imag imagin imit immedi immun immunolog impact impair"
        " implant implement impli implic implicit import impos imposs impress improv inabl inact inadequ incept incid"
        " includ inclus incom incomplet inconsist incorpor incorrect increas increment inde independ index indic"
        " indirect individu indoor induc induct industri ineffect inevit infarct infect infecti infer infertil inflamm"
        " inflammatori influenc inform infrastructur infus ingest ingredi inher inherit inhibit inhibitor init initi"
        " inject injuri inner innov input insert insid insight inspect inspir instabl instal instanc instanti instruct"
        " instrument insuffici insulin insult insur intact intak integr intend intens intent interact interest interfac"
        " interfer interleav intermedi internal interpol interpret interquartil interrupt interval intervent interview"
        " intestin intract intraven intric intrigu intrins introduc introduct intub invas invers invest investig invis"
        " invit involv irregular irrevers irrit ischemia ision isol issu item iter job join joint joke joy judg judgment"
        " juic jump keep kept kernel key kidney kill kinas kind kinet kit knew know knowledg known label labor"
        " laboratori lack lactat laid lake land larg larger largest late latenc latent lateral latest latter launch law"
        " lay layer layout lead leak lean learn learnabl learner least leav lectur led left leg legal lemon length lent"
        " lesion lesser let letter level leverag librari licenc lie life lifestyl light likelihood limit line linear"
        " link lipid lipolysi lipoprotein list listen liter literatur littl live liver load local locat lock log logic"
        " logist logo long longer longitudin look lookup lose loss lost lot love low lower lowest lunch lung macronutri"
        " made magnesium magnet magnitud main maintain mainten major make male malign man manag mani manifest manipul"
        " manner manual manufactur manuscript map margin marit mark marker markup marri mask mass massiv master match"
        " materi matern math mathemat matric matrix matter matur max maxim maximum meal mean meaning meant measur mechan"
        " media median mediat medium meet mellitus melt member meme memor memori men menstrual mental mention mere merg"
        " messag met metabol metabolit meter method methodolog metric mice microbi middl midlin mild milk million"
        " millisecond mimic min mind minim minimalist minimum minor minut misconcept misinform mismatch misoprostol miss"
        " mistak mitig mix mixtur mobil modal mode model moder modern modest modif modifi modul molecular moment"
        " momentum money monitor monomod monotherapi monoton month mood morbid morn morpholog mortal mother motion motiv"
        " mountain mouth move movement movi mucos mucus multilingu multimod multipl multipli multitask multivari muscl"
        " myocardi myself mysteri naiv name narrat narrow nativ nausea nearest necess necessari necessarili neck necrosi"
        " need negat neglig nerv nest net network neutral news nice night nine ninja nitric nitrogen nobodi node nois"
        " noisi non nonsignific nonverb norm normal notabl noteworthi noth notic notifi noun novel nowher nucleus number"
        " numer nurs nutrient obes object observ obstacl obstruct obtain obvious occas occasion occup occur occurr ocean"
        " odd offer offic offici offset oil old older oliv omit onc ongo onli onlin onset opaqu open openai oper opinion"
        " opportun oppos opposit opt optim option oral order organ organic orient origin orthogon otherwis outcom"
        " outdoor outer outlin outpati outperform output outsid ovarian oven overal overcom overestim overfit overhead"
        " overlap overlook overrid overview overweight overwhelm oxid oxygen pace pack packag pad page paid pain paint"
        " pair paper par paradigm paragraph parallel param paramet parent parenthes pars parsley part parti partial"
        " particip particular partner pass passag patch path pathogen pathogenesi patholog pathway patient pattern pave"
        " pay pdfium peac peak peer pelvi penalti penetr peopl perceiv percent percentag percentil percept perfect"
        " perform perfus perhap perinat period peripher permiss permit persist person personnel perspect pertain"
        " pharmacolog phenomenon philosophi phone photo photograph phrase physic physician physiolog pick pictur piec"
        " pig pill pilot pink pip pipe pipelin pivot pixel pizza place placebo placement plain plan plant plasma plateau"
        " platform plausibl play player pleas plot plural plus pneumonia poem point pointer polici polit pool poor"
        " poorer popul popular port portabl portion portrait portray pose posit possess possibl post posterior postop"
        " pot potassium potent potenti power practic practition preced precis preclin preclud predefin predetermin"
        " predict predictor predomin prefer prefix pregnanc pregnant preliminari prematur preoper prepar prepend"
        " preprint preprocess prescrib prescript presenc present preserv pressur presum pretrain prevail preval prevent"
        " previous price primari primarili princip principl print prior priori privaci privat probabl problem problemat"
        " procedur process processor produc product profession profici profil program programm progress prohibit project"
        " prolifer prolong promin promis promot prompt pronounc proper properti prophylact prophylaxi proport propos"
        " proprietari prose prospect prostaglandin protect protein protocol prove proven provid provis proxi proxim"
        " prune psychiatr psychometr psychosoci public publish pull pulmonari puls pump punctuat pure purpl purpos push"
        " put pytest qualifi qualit quantifi quantit quantiti quantiz quarter queri question questionnair queue quick"
        " quit quotient radiat radiograph radiolog rais ran random randomis rang rank rapid rare rat rate ratio rational"
        " raw reach reaction read readabl reader readi readili real realiz realli reason recal receipt receiv recent"
        " receptor recip recipi recogn recognis recommend recov recoveri recruit recurr red reduc reduct redund refer"
        " refin reflect refrain refresh refriger refus regain regard regimen region regist registr regress regul regular"
        " regulatori reinforc reject rejuven relaps relat relationship relax releas relev reli reliabl relief reliev"
        " reload remain remaind remark remifentanil remind remov renal render repair repeat repetit replac repli replic"
        " repo report repositori repres represent reproduc request requir reserv resid residu resist resolut resolv"
        " reson resort resourc resp respect respir respiratori respond respons rest restart restaur restor restrict"
        " result resum retain retent retriev retrospect return reus reveal revers review revis revolution reward rib"
        " rich richer ridden right rigor rise risen risk road robot robust rode role roll room root rose rough round"
        " rout routin row rule run rung sad safe safeti said salad sampl sang sank satisfactori satisfi satur save saw"
        " say scalabl scale scan scenario scene schedul schema scheme scientif scooter scope score scratch screen"
        " screenshot script seal search season seat secondari secret section secur see seed seek seem seen segment"
        " select self semant send sens sensat sensit sensor sent sentenc separ sequenc sequenti seren seri serial"
        " serious serum serv server servic session set seven sever sex sexual shape shard share shed sheet shift ship"
        " shock shoe shop short shortcut shorten shorter shot show showcas shown shrink shut sick side sight sign signal"
        " signific similar simpl simpli simplic simul simultan sinc singl sink sit site situat six sixteen size skill"
        " skin skip sky sleep slept slice slide slight slow slower slowli small smaller smallest smart smile smoke"
        " smoker smooth smoothi snack snapshot societ sociodemograph socioeconom sodium soft softmax softwar sold sole"
        " solicit solid solut solv somebodi someth sometim somewhat sophist sort sought sound sourc space spam span"
        " spars speak speaker speci special specialist specif specifi specimen spectrum specul sped speech speed speedup"
        " spell spend spent spheric spike spirit split spoke spoken spontan spot spread sprinkl spur squar stabil stabl"
        " stack stadiomet staff stand standard start state statement static statist statistician status stay steadili"
        " stem steroid stickier stimul stimuli stimulus stochast stole stolen stomach stood stool stop storag store"
        " stori storm straightforward strang strategi stratifi strawberri stream street strength strengthen stress"
        " stretch strict stricter strike stripe stroke strong stronger struck structur struggl studi style sub subcutan"
        " subgroup subject sublay submit suboptim subscal subsequ subset substanc substanti substitut subtask subtract"
        " subword succeed success sudden suffer suffici suggest suit suitabl sum summar summari sung sunk sunset"
        " superior supervis supplement supplementari suppli support suppos suppress sure surfac surgeon surgeri surgic"
        " surpass surpris surround surveil survey surviv suscept suspect sustain swam swap switch sworn swum symbol"
        " sympathet symptom symptomat syndrom synergi synthas synthes synthesi synthet systemat systol tablet tackl tag"
        " tail tailor take takeaway taken talk tape task tast taught teach teacher team technic techniqu telephon tell"
        " temperatur templat tempor temporari ten tend tendenc tensor term termin territori test text textual thank"
        " thead themselv theoret theori therapeut therapi therapist thereaft therebi therefor thick thing think thorough"
        " thought thousand threaten threshold threw thrill throat thrown thyroid tight time timestep tini tip tissu titl"
        " today togeth token told toler tomato tone took tool toolkit top topic torch torchrun torn toss total touch"
        " toxic trace tracheal track tract tradit traffic train trainabl trait tranquil transact transduc transfer"
        " transform transient transit translat transpar transport trauma travel treat treatment tree tremend trend tri"
        " trial triangl trick trigger triglycerid trillion trip tripl triplet tropic troubl true truli truth tube tumor"
        " turn tutori twelv twenti type typic ulcer ultim ultrasound unabl unaccept unadjust unawar unblind uncertainti"
        " unchang unclear uncondit uncontrol uncov undecid underestim undergo undergon underscor understand understood"
        " undertaken underw undoubt unexpect unifi uniform unimod uniqu unit univers universal unknown unlik unlock"
        " unpair unrel unseen unstabl unsupervis unsur unusu updat upper uptak urin urinalysi urinari url usabl usag use"
        " user usual uterus util val valid valu valuabl vanilla var vari variabl varianc variant variat varieti vascular"
        " vast vector veget vein venous ventil ventilatori verb verbal verdict veri verifi versa versatil version vertic"
        " vessel viabl vial vice video view violat viral virtual viscer visibl visiolinguist visit vital vitro vivo"
        " vocabulari vocal voic volum volunt vomit vqa waist wait walk wall want warm warmup warn warrant wast watch"
        " water way weak weaker wear weather web webpag websit week weigh weight well went whatev whenev wherea whi"
        " whilst white whitespac wide widen wider wind window wish withdraw withdrawn withdrew woke woken woman women"
        " won wonder wooden word wore work worker workload world worldwid worn worri wors worsen worst worth wound wrap"
        " write writer written wrong wrote year yellow yield younger yourself zebra zero zone"
    ).split()
)
