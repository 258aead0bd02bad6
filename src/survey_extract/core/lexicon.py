"""Nothing goes in, the words that telling terms apart takes come out: units, number words, and what is no name.

Names and plain English words alone. A list here saves false alarms or finds a
name that its form does not give away; no promise hangs on one being complete.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNIT_WORDS = {
    "percent": "% percent percentage pct",
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
        ("first single once", "second both dual twice double pair bi", "third triple tri", "fourth", "fifth", "sixth",
         "seventh", "eighth", "ninth", "tenth"), start=1
    )
    for word in words.split()
}  # fmt: skip
"""Words that imply a number: a text that tells of a second stage has two."""

STAGES = _words("stage stages phase phases step part level")
"""What a number behind it names: the stage, not how many."""
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
)
"""Words that are no names, wherever they stand."""

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
"""What is no name of a model or a data set; a value may use these words freely."""

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

KNOWN_DATA_SETS = (
    "A-OKVQA, ADE20K, AI2D, ActivityNet, ALIGN, AudioSet, BookCorpus, C4, CC12M, CC3M, CC595K, CLEVR, COCO,"
    " COCO Captions, COYO-700M, ChartQA, CIFAR-10, CIFAR-100, Common Crawl, CommonCrawl, Conceptual 12M,"
    " Conceptual Captions, DataComp, DocVQA, DVQA, Ego4D, Flickr30K, Flickr30k Entities, GQA, GRIT, GLUE, GSM8K,"
    " HatefulMemes, Hateful Memes, HellaSwag, HowTo100M, HumanEval, IconQA, ImageNet, ImageNet-1K, ImageNet-21K,"
    " InfographicVQA, InfoVQA, JFT-300M, JFT-3B, Kinetics-400, Kinetics-600, LAION, LAION-115M, LAION-2B, LAION-400M,"
    " LAION-5B, LAION-COCO, LAION-GPT-V, LAMBADA, LCS-558K, LLaVA-Bench, LLaVA-Instruct-150K, LLaVA-Instruct-158K,"
    " LLaVAR, LocalizedNarratives, Localized Narratives, LVIS, M3W, MathVista, MME, MMBench, MMBench-CN, MMC4, MMLU,"
    " MMMU, MM-Vet, MS COCO, MS-COCO, MSCOCO, MSRVTT, MSR-VTT, MSRVTT-QA, MSVD, MSVD-QA, MultiInstruct, Multimodal C4,"
    " NaturalQuestions, Natural Questions, NLVR2, NoCaps, Objects365, OBELICS, OCR-VQA, OCRVQA, OK-VQA, OKVQA,"
    " Open Images, OpenImages, OpenWebText, PathVQA, PIQA, PMC-15M, PMD, POPE, PubMed, PubMed Central, RedCaps,"
    " RefCOCO, RefCOCO+, RefCOCOg, SA-1B, SBU, SBU Captions, ScienceQA, SEED-Bench, ShareGPT, ShareGPT4V, ShareGPT-4V,"
    " ShikraRD, SLAKE, SQuAD, SST-2, ST-VQA, SuperGLUE, SynthDoG, SynthDoG-EN, TextCaps, TextVQA, The Pile, TriviaQA,"
    " VATEX, VCR, Vicuna-Instructions, VisDial, Visual Genome, Visual Spatial Reasoning, VisualMRC, Visual7W, VizWiz,"
    " VQA-RAD, VQAv2, VQA-v2, VTAB, WebLI, WebText, Wikipedia, WikiText, WinoGrande, WIT, WMT, XNLI, iVQA, iNaturalist"
).split(", ")
"""Names only; a name that is not among them is recognised by the words "data set" behind it."""
