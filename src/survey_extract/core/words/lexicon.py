"""Nothing goes in, the words needed to tell terms apart come out: units, number words, and what is not a name.

Names and plain English words alone. A list here saves false alarms or finds a
name that its form does not give away; no promise hangs on one being complete.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNIT_WORDS = {
    "percent": "% percent percentage pct",
    "permille": "\u2030 permille",
    "pixel": "px pixel pixels",
    "layer": "layer layers block blocks",
    "head": "head heads",
    "epoch": "epoch epochs",
    "step": "step steps iteration iterations iter iters update updates",
    "hour": "hour hours hr hrs h",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years",
    "minute": "minute minutes min mins",
    "second": "second seconds sec secs s",
    "millisecond": "millisecond milliseconds ms",
    "processor": "gpu gpus tpu tpus accelerator accelerators a100 a100s v100 v100s h100 h100s h800 h800s p100 p100s t4 t4s",
    "cpu": "cpu cpus core cores",
    "node": "node nodes machine machines server servers",
    "parameter": "parameter parameters param params",
    "token": "token tokens",
    "word": "word words",
    "item": "image images picture pictures photo photos pair pairs sample samples example examples instance instances "
    "caption captions question questions document documents conversation conversations sentence sentences video videos "
    "clip clips item items record records pages page article articles dialogue dialogues datapoints",
    "frame": "frame frames fps",
    "class": "class classes category categories label labels",
    "dimension": "dimension dimensions dim dims d dimensional",
    "patch": "patch patches",
    "expert": "expert experts",
    "query": "query queries",
    "dataset": "dataset datasets corpus corpora benchmark benchmarks",
    "task": "task tasks",
    "stage": "stage stages phase phases",
    "loss": "loss losses objective objectives",
    "gigabyte": "gb g gib gigabyte gigabytes",
    "megabyte": "mb mib megabyte megabytes",
    "kilobyte": "kb kib kilobyte kilobytes",
    "terabyte": "tb tib terabyte terabytes",
    "flop": "flop flops gflops tflops mflops petaflops",
    "bit": "bit bits",
    "byte": "byte bytes",
    "times": "x \u00d7 times fold",
    "language": "language languages",
    "person": "patient patients participant participants person persons people speaker speakers annotator annotators",
    "channel": "channel channels",
    "neuron": "neuron neurons",
    "shot": "shot shots",
    "template": "template templates",
    "hertz": "hz",
    "kilohertz": "khz",
    "megahertz": "mhz",
    "millimetre": "mm",
    "centimetre": "cm",
    "kilometre": "km",
    "kilogram": "kg",
    "milligram": "mg",
    "millilitre": "ml",
    "degree": "\u00b0 degree degrees",
    "dollar": "$ usd dollar dollars",
    "euro": "\u20ac eur euro euros",
    "pound": "\u00a3 gbp",
}
UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()} | {
    "data set": "dataset",
    "data sets": "dataset",
    "per cent": "percent",
}
"""Each unit word, and what it counts. What one author calls an image, another calls a pair or a sample: all are items."""

NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
ORDINALS = {
    word: value
    for value, words in enumerate(
        ("first single once", "second both dual twice double pair bi", "third triple tri thrice", "fourth", "fifth", "sixth",
         "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
         "seventeenth", "eighteenth", "nineteenth", "twentieth"), start=1
    )
    for word in words.split()
} | {f"{word[:-1]}ieth": value for word, value in NUMBER_WORDS.items() if value > 20}  # fmt: skip
"""Words that imply a number: a text that tells of a second stage has two."""
RANKS = {word: value for word, value in ORDINALS.items() if word in ("first", "second", "third") or word.endswith("th")}
"""Those of them that give a place in an order, and no count."""
FOLDS = {f"{word}fold": value for word, value in NUMBER_WORDS.items() if value > 1}
"""Words for so many times: "twofold"."""
SHARES = {
    word: value
    for value, words in enumerate(
        ("half halves", "third thirds", "quarter quarters", "fifth fifths", "sixth sixths", "", "eighth eighths", "",
         "tenth tenths"), start=2
    )
    for word in words.split()
}  # fmt: skip
"""Words for a part of so many: "two thirds of it", "half of it"."""
ROMANS = {word: value for value, word in enumerate("II III IV V VI VII VIII IX X".split(), start=2)}
"""What numbers a stage behind its word: "Stage III". "I" may be who tells of it."""

STAGES = _words("stage stages phase phases step part level")
"""What a number behind it names: the stage, not how many."""
NUMBERED = STAGES | _words(
    "version type class grade volume generation group tier category edition act book series cohort"
)
"""What a Roman numeral behind it numbers."""
REFERENCES = _words(
    "fig figs figure figures table tables tab tabs section sections sec appendix eq eqs eqn equation algorithm chapter"
)
"""What a number behind it points at, in the text's own order."""

STOPS = _words(
    "a an and as at between but by for from if in into is are was were it its of on or over per than that the their these"
    " this those to under using via when where which while with each we our"
)

ORDINARY = _words(
    "a an and as at but by for from if in into it its no of on or our so that the their these they this those to two three"
    " we when where which while with each both also however first second third finally then thus here there all any some"
    " most many one four five during after before since because given based not only additionally furthermore moreover"
    " overall specifically instead unlike like between within without via using per stage phase step note yes none"
    " its your you i he she us what how such other others another same different new"
    " about above across against ahead along alongside amid among around behind below beneath beside besides beyond despite"
    " down except inside near next off onto opposite out outside over past regardless through throughout till to toward"
    " towards under underneath until unto up upon versus via"
    " certain double either enough every few fewer half less little much neither own plenty several twice various whole"
    " anybody anyone anything everybody everyone everything her him his itself me mine my nobody nothing ourselves"
    " somebody someone something themselves them whatever whichever who whoever whom whose"
    " although apart even lest nor once provided rather than though unless whenever whereas whereby wherein wherever whether yet"
    " again almost alone already altogether always approximately away else elsewhere ever exactly further hence hereby"
    " indeed jointly just last lastly later mainly maybe meanwhile more mostly namely nearly never nevertheless nonetheless"
    " notably now often otherwise perhaps possibly primarily quite recently respectively roughly separately similarly simply"
    " sometimes soon still subsequently therefore together too typically usually very"
    " am be been being can could did do does done had having may might must ought shall should was were will would"
)
"""Words that are not names, wherever they stand: the closed classes of English, and what numbers the steps of a text."""

OPENINGS = _words(
    "add adds adapt adapts adopt adopts align aligns allow allows apply applies attach attaches build builds combine combines"
    " compare compares comprise comprises concatenate concatenates connect connects consist consists contain contains"
    " convert converts create creates curate curates decode decodes define defines describe describes employ employs enable"
    " enables encode encodes evaluate evaluates extend extends extract extracts feature features feed feeds fine finetune"
    " finetunes follow follows freeze freezes fuse fuses generate generates has have include includes initialize initializes"
    " inject injects input inputs insert inserts integrate integrates introduce introduces is are keep keeps learn learns"
    " leverage leverages map maps maximize maximizes minimize minimizes optimize optimizes output outputs pass passes perform"
    " performs pretrain pretrains predict predicts process processes produce produces project projects propose proposes"
    " provide provides replace replaces report reports require requires rely relies reuse reuses sample samples select"
    " selects show shows split splits support supports take takes test tests train trains transform transforms tune tunes"
    " unify unifies unfreeze update updates use uses utilize utilizes visual vision language text image images data dataset"
    " datasets model models method methods main large small standard simple single multiple general joint full frozen"
    " trainable total image-text end learnable lightweight key core original final initial early late"
)
"""Words with which a summary's clauses begin; a text may lack them in this very form."""

GENERIC = _words(
    "ai api cnn cpu gpu id llm lm lmm ml mllm mlp nlp ocr qa rnn sota tpu url vlm vqa vl vlp fig figs figure tab table sec"
    " section eq equation appendix web-based english chinese internet i ii iii iv v vi vii a b c d e.g i.e usa pdf rgb"
    " ffn dnn ann nn fps kl ce us uk eu"
)
"""What is not a name of a model or a data set; a value may use these words freely."""

ADJUNCTS = _words(
    "based style like only trained generated tuned pretrained initialized level free wise specific related aware guided"
    " driven powered scale pre non post multi sub self cross of the and to in family series type derived annotated finetuned"
    " fine training tuning"
)
"""What hyphens hang on a name without making it another one."""

SIZES = _words("large base small tiny huge giant medium mini nano pro plus ultra chat instruct code next max")
"""What hyphens hang on a name and make it another one."""

KNOWN_LOWER = _words(
    "clip vicuna llama llava bert roberta gpt resnet vit flan deberta electra xlnet bloom palm gemini qwen mistral mixtral"
    " deepseek internlm baichuan chatglm blip instructblip minigpt imagenet mscoco laion coyo cifar mnist squad librispeech"
    " audioset howto100m wikitext bookcorpus openwebtext textvqa textcaps docvqa scienceqa vizwiz okvqa gqa nocaps flickr30k"
    " refcoco chartqa mmbench mmlu hellaswag winogrande boolq superglue whisper wav2vec adam adamw"
)
"""Names that people write without a capital; none is a word of English but what a text itself uses as one is left alone."""

LANGUAGES = _words(
    "Arabic Bengali Bulgarian Catalan Chinese Croatian Czech Danish Dutch English Estonian Finnish French German Greek Hebrew"
    " Hindi Hungarian Icelandic Indonesian Italian Japanese Kazakh Korean Latin Latvian Lithuanian Norwegian Persian Polish"
    " Portuguese Romanian Russian Serbian Slovak Slovenian Spanish Swahili Swedish Tamil Telugu Thai Turkish Ukrainian Urdu"
    " Vietnamese"
)
"""Languages by their English names: a pair of them is what a translation goes between, no name."""

KNOWN_DATA_SETS = (
    "20 Newsgroups, A-OKVQA, ACE 2005, ActivityNet, ADE20K, ADNI, AgiEval, AI2D, AISHELL-1, AISHELL-2, ALIGN, ANLI, "
    "ARC-Challenge, ARC-Easy, AudioCaps, AudioSet, AVSD, AVSpeech, BC5CDR, BDD100K, BEIR, BIG-bench, BIG-Bench Hard, "
    "BIOSSES, BookCorpus, BookCorpus2, Books3, BoolQ, BraTS, BridgeData, BridgeData V2, BUSI, C-Eval, C4, "
    "Caltech-101, Caltech-256, Caltech101, CALVIN, CC-100, CC-12M, CC-3M, CC-News, CC-Stories, CC100, CC12M, CC3M, "
    "CC595K, CelebA, ChartQA, ChestX-ray14, ChestX-ray8, CheXpert, CHiME-4, CIFAR-10, CIFAR-100, Cityscapes, CLEVR, "
    "CLOTHO, Clotho, CMMLU, CNN/DailyMail, COCO, COCO Captions, COCO-Text, Common Crawl, Common Voice, CommonCrawl, "
    "CommonsenseQA, CommonVoice, Conceptual 12M, Conceptual Captions, COPA, CoQA, Country-211, Country211, CoVoST 2, "
    "CoVoST2, COYO-700M, CSQA, CUB-200, CUB-200-2011, DailyMail, DataComp, DeepForm, DiDeMo, DocBank, DocVQA, DTD, "
    "DVQA, Ego4D, EPIC-KITCHENS, ESC-50, EuroParl, EuroSAT, Eurosat, Fashion-MNIST, FER2013, FEVER, FGVC Aircraft, "
    "FGVC-Aircraft, FigureQA, Flan v2, FLANv2, FLEURS, Flickr30K, Flickr30k Entities, Flickr8k, FLORES-101, "
    "FLORES-200, Flowers-102, Flowers102, Food-101, Food101, FSC147, FSD50K, FUNSD, GAOKAO, GigaSpeech, Gigaword, "
    "GLDv2, GLUE, GoEmotions, GPQA, GQA, GRIT, GRIT-20M, GSM8K, GTSRB, HallusionBench, Hateful Memes, HatefulMemes, "
    "HellaSwag, HMDB-51, HMDB51, HotpotQA, HowTo100M, HumanEval, IconQA, IEMOCAP, ImageNet, ImageNet-1K, "
    "ImageNet-21K, ImageNet-22K, ImageNet-A, ImageNet-Adversarial, ImageNet-R, ImageNet-ReaL, ImageNet-Real, "
    "ImageNet-Rendition, ImageNet-S, ImageNet-Sketch, ImageNet-V2, ImageNet-v2, ImageNetV2, IMDB, iNaturalist, "
    "InfographicVQA, InfoVQA, InternVid, IU X-Ray, iVQA, JFT-300M, JFT-3B, KILT, Kinetics-400, Kinetics-600, "
    "Kinetics-700, KITTI, KonIQ-10k, LAION, LAION-115M, LAION-1B, LAION-2B, LAION-2B-en, LAION-400M, LAION-5B, "
    "LAION-Aesthetics, LAION-COCO, LAION-en, LAION-GPT-V, LAMBADA, LCS-558K, LFW, Libri-Light, LibriLight, "
    "LibriSpeech, LibriTTS, LJSpeech, LLaVA-Bench, LLaVA-CC3M-Pretrain-595K, LLaVA-in-the-Wild, LLaVA-Instruct, "
    "LLaVA-Instruct-150K, LLaVA-Instruct-158K, LLaVA-Wild, LLaVAR, Localized Narratives, LocalizedNarratives, LSMDC, "
    "LSUN, LUNA16, LVIS, M3W, MATH-Vision, MathQA, MathVerse, MathVista, MBPP, MedMCQA, MedQA, MIMIC-CXR, MIMIC-III, "
    "MIMIC-IV, ML-SUPERB, MM-Vet, MMBench, MMBench-CN, MMC4, MME, MMHal-Bench, MMLU, MMMU, MMMU-Pro, MMStar, "
    "MMT-Bench, MMVet, MMVP, MNIST, MNLI, ModelNet40, MRPC, MS COCO, MS MARCO, MS-COCO, MS-MARCO, MSCOCO, MSR-VTT, "
    "MSRVTT, MSRVTT-QA, MSVD, MSVD-QA, MTEB, MTVQA, Multi30K, Multi30k, MultiInstruct, Multimodal C4, MultiNLI, "
    "MUSAN, MusicCaps, MusicNet, MuST-C, MVBench, MVTec AD, NarrativeQA, Natural Questions, NaturalQuestions, "
    "NExT-QA, NExTQA, NIH ExPorter, NLVR2, NoCaps, NSynth, nuScenes, NYU Depth v2, NYUv2, OBELICS, ObjectNet, "
    "Objects365, OBQA, OCR-VQA, OCRBench, OCRVQA, OK-VQA, OKVQA, OLID, OntoNotes, Open Images, Open X-Embodiment, "
    "OpenAssistant, OpenBookQA, OpenImages, OpenOrca, OpenSubtitles, OpenViVQA, OpenWebText, OpenWebText2, "
    "Oxford-IIIT Pets, OxfordPets, PACS, Pascal Context, PASCAL VOC, Pascal VOC, PathVQA, PCam, PG-19, PhraseCut, "
    "Pile-CC, PIQA, Places365, PlotQA, PMC-15M, PMC-OA, PMC-VQA, PMD, PointQA, POPE, POPQA, PubLayNet, PubMed, "
    "PubMed Central, Q-Bench, QASPER, QNLI, QQP, QuAC, R2R, RealNews, RealWorldQA, Recap-DataComp-1B, ReCoRD, "
    "RedCaps, RedPajama, RefCLEF, RefCOCO, RefCOCO+, RefCOCOg, ReferItGame, RefinedWeb, Rendered SST-2, "
    "Rendered SST2, RenderedSST2, RESISC45, Resisc45, ROCO, RVL-CDIP, SA-1B, SAMSum, SBU, SBU Caption, SBU Captions, "
    "ScanNet, ScanQA, ScienceQA, SciTail, SEED-Bench, SEED-Bench-2, SEEDBench, SentEval, ShapeNet, ShareGPT, "
    "ShareGPT-4o, ShareGPT-4V, ShareGPT4V, ShikraRD, SimVQA, SIQA, SLAKE, SlimPajama, SNLI, SNLI-VE, Social IQA, "
    "Something-Something V2, Something-Something v2, Speech Commands, SpeechCommands, SQA3D, SQuAD, SST-2, SST2, "
    "ST-VQA, Stanford Cars, StanfordCars, StarCoderData, STL-10, STL10, StoryCloze, SUN RGB-D, SUN397, "
    "Super-NaturalInstructions, SuperGLUE, SuperNaturalInstructions, SuperNI, SVHN, SWiG, Switchboard, SynthDoG, "
    "SynthDoG-EN, TabFact, TallyQA, Tatoeba, TDIUC, TED-LIUM, TEDLIUM, TextCaps, TextOCR, TextVQA, TGIF, TGIF-QA, "
    "The Pile, The Stack, TIMIT, TouchStone, TriviaQA, TruthfulQA, TVQA, TyDi QA, UCF-101, UCF101, UltraChat, "
    "UltraChat 200k, UltraFeedback, Unnatural Instructions, V*Bench, V3Det, VATEX, VCR, VCTK, VGG-Sound, VGGSound, "
    "Vicuna-Instructions, Video-MME, VideoMME, ViP-Bench, ViQuAE, VisDial, Visual Commonsense Reasoning, "
    "Visual Dialog, Visual Entailment, Visual Genome, Visual Spatial Reasoning, Visual7W, VisualMRC, VizWiz, "
    "VOC2007, VOC2012, VoxCeleb, VoxCeleb1, VoxCeleb2, VoxPopuli, VQA 2.0, VQA v2, VQA-CP, VQA-E, VQA-RAD, VQA-v2, "
    "VQA2.0, VQAv2, VQG, VTAB, Waymo Open Dataset, WebLI, WebQA, WebSRC, WebText, WebVid, WebVid-10M, WebVid-2M, "
    "WenetSpeech, WHOOPS, WIDER FACE, WikiANN, WikiHow, Wikipedia, WikiSQL, WikiTableQuestions, WikiText, "
    "WikiText-103, Wikitext-103, WikiText-2, WinoBias, Winogender, Winograd, WinoGrande, Winogrande, WinoGround, "
    "Winoground, WIT, WMT, WMT14, WMT16, WMT19, WSJ, XCOPA, XNLI, XQuAD, XSum, XTREME, xView, YFCC-100M, YFCC100M, "
    "YFCC15M, YouCook2, YouTube-8M, YouTubeVOS, YT-Temporal-180M, YT-Temporal-1B"
).split(", ")
"""Names only; a name that is not among them is recognised by the words "data set" behind it."""

FURTHER_DATA_SETS = (
    "AG News, AIME, AlpacaEval, AlpacaFarm, Amazon Reviews, ANet-QA, AQuA, AQuA-RAT, ARC-AGI, Arena-Hard, ASDiv, "
    "Atari 2600, BABILong, BBH, BBQ, Berkeley DeepDrive, BIG Patent, BIG-Bench Lite, BigCloneBench, BigPatent, "
    "BillSum, BLiMP, BLURB, BookSum, CaseHOLD, CCAligned, CCMatrix, CelebA-HQ, CelebAMask-HQ, "
    "ChestXray14, Children's Book Test, CIFAR-FS, CIRR, CLEVRER, CLUTRR, CMRC 2018, CMU-MOSEI, CMU-MOSI, "
    "CNN/Daily Mail, COCO-Stuff, CodeContests, CodeSearchNet, CodeXGLUE, CoLA, CoNaLa, CoNLL-2003, CORD-19, "
    "Cornell Movie Dialogs, COUGHVID, CREMA-D, CrowdHuman, CrowS-Pairs, CrowSPairs, CUB, CUHK-PEDES, CulturaX, "
    "D4RL, DART, DBpedia, DeepFashion, DeepFix, DeepMind Lab, DIV2K, DocRED, Dolly-15k, Dolma, DOLMA, DROP, "
    "DS-1000, DUC 2004, DuReader, E2E NLG, E2E NLG Challenge, ELEVATER, ELI5, EmpatheticDialogues, enwik8, "
    "enwiki8, Evol-Instruct, EvolInstruct, FaceForensics++, FashionGen, FashionIQ, FB15k-237, FewRel, FFHQ, "
    "FinQA, Fisher English, Flan Collection, Flickr-Faces-HQ, FloodNet, FrameNet, FreebaseQA, GenEval, GeoQA, "
    "GitHub Code, GovReport, GSM-Hard, GSM8K-Python, GTA5, HaluEval, HarmBench, HateXplain, HelpSteer, HH-RLHF, "
    "HICO-DET, Human3.6M, Hyperpartisan, IFEval, ILSVRC, ImageCLEF, ImageNet-100, ImageNet-C, ImageNet-O, "
    "ImageNet-P, IWSLT, JNLPBA, KonIQ, LAION-Face, LaSOT, LingoQA, LiveBench, LiveCodeBench, LM1B, LogiQA, "
    "LongBench, MAESTRO, Market-1501, MATH-500, MathInstruct, MAWPS, MBPP+, mC4, MetaMathQA, MGSM, "
    "Million Song Dataset, Mind2Web, mini-ImageNet, MiniF2F, miniImageNet, MIT-States, MLQA, MLSUM, MLSum, "
    "MM-IMDB, MMLU-Pro, Moments in Time, MOT17, MovieLens, MPII, MRQA, MS-Celeb-1M, MT-Bench, MTOP, MultiArith, "
    "MultiRC, MultiWOZ, MuSiQue, NeedleBench, NewsQA, NLVR, nocaps, NQ-Open, NUS-WIDE, Office-31, Office-Home, "
    "Omniglot, OntoNotes 5.0, OpenAssistant Conversations, OpenHermes, OpenSLR, OpenWebMath, Orca-Math, "
    "Oxford Flowers, Oxford Pets, ParaNMT, PASCAL-Context, PAWS, PAWS-X, PeMS, Penn Treebank, Penn TreeBank, "
    "PennTreebank, Perception Test, Persona-Chat, PersonaChat, PKU-SafeRLHF, ProofNet, ProsocialDialog, "
    "PubMed abstracts, PubMedQA, QuALITY, Quora Question Pairs, RACE, RACE-h, RACE-m, RealToxicityPrompts, "
    "Reddit TIFU, RedPajama-V2, Reuters-21578, RewardBench, ROCStories, ROPES, RST-DT, RTE, SBIC, SciBench, "
    "SciCite, SciERC, SCROLLS, Self-Instruct, SelfInstruct, SemanticKITTI, SemEval, SensatUrban, SocialIQA, "
    "SQuAD 2.0, SQuAD v1.1, SQuAD v2.0, SQuADv2, Stack Exchange, Stack Overflow, StackExchange, StackOverflow, "
    "Stanford Dogs, StereoSet, StrategyQA, STS-B, STSB, SUN-397, SVAMP, SWAG, SWE-bench, SYSU-MM01, TAC-KBP, "
    "TACRED, TAT-QA, The Stack v2, Tiny ImageNet, TinyImageNet, TinyStories, TL;DR, ToTTo, ToxiGen, TransCoder, "
    "TREC, TREC-COVID, TREC-QA, TweetEval, TyDiQA, TyDiQA-GoldP, UCI Adult, UCI HAR, UD Treebanks, UniRef50, "
    "UniRef90, Universal Dependencies, UNPC, USPTO, Vimeo-90K, VisDrone, VisualWebArena, VLEP, VTAB-1k, "
    "Waymo Open, WebArena, WebNLG, WebQuestions, WebShop, WebText2, WiC, Wiki-40B, Wiki40B, WikiBio, Wikidata, "
    "Wikidata5M, WikiLingua, WikiMatrix, WikiMovies, Wizard of Wikipedia, WMT20, WMT21, WMT22, WN18RR, WNLI, "
    "WSC, WSC273, WuDaoCorpora, XL-Sum, XSTest, YAGO3-10, Yelp Reviews, YelpNLG, ZeroSCROLLS, ZINC"
).split(", ")
"""The same; names that the weights were not learned with, so that only answers have them."""
