"""Nothing goes in, what was learned for ranking comes out: numbers, and single words with what they speak for.

Written by ``benchmarks/ranker.py --train``; change that, not this. A row of
``WEIGHTS`` is for ``relevance.FEATURES``, and the rest that is added; of
``ANSWER_WEIGHTS`` for these, too, or for ``relevance.FINDING_FEATURES``. ``LEARNED_WORDS``
are stems, each before its weight, by field; ``LEARNED_FOR`` finds the field by
the hash of its cues, as they are and as they were.
"""

from __future__ import annotations

WEIGHTS: dict[str, tuple[tuple[float, ...], float]] = {
    "known": ((
        1.2112, 1.3412, -0.2807, 0.4396, -0.4128, -0.0067, 1.4503, 0.8066, 0.7548, 0.1038, 0.338, 2.1635, 0.4251,
        -0.0316, -0.7832, 0.3997, 0.1897, -0.6848, 0.3345, -0.1522, 0.4936, -0.0157, -0.1924, 0.2976, 0.0618, -0.4993,
        0.2877, 0.2858, 0.1218, 0.073, -0.2182, 0.2629, 0.0993, 0.9001, -0.6093, -0.79, 0.0629, -0.548, -0.2147,
        -1.2647, -0.2392, 0.1374, -0.1101, -0.0501, -0.2772, -0.4333, 0.0852, -0.199, -0.5964, -1.8195, -0.0569,
    ), -3.777),
    "described": ((
        2.4685, 1.4393, 2.5495, 0.7331, 0.1618, 0.6579, 0.8567, 0.9388, 1.934, 0.2583, 0.0, 0.0, 0.3452,
        -0.2017, -0.4222, 0.7149, 0.3396, -0.9156, -0.0341, -0.1228, 0.7074, 0.2212, -0.6762, 0.1774, 0.1658, -0.2051,
        0.6499, 0.4915, 0.3279, -0.5111, -0.2218, 0.3759, 0.3647, 1.2115, -0.3964, -0.5294, 0.0222, -0.5775, -0.1665,
        -0.4906, -0.1433, 0.1834, -0.0832, 0.1368, -0.1946, -0.359, 0.303, -0.3329, -0.4153, -1.178, 0.241,
    ), -4.6022),
    "compared": ((
        0.1013, 4.1692, 0.3937, 0.7193, 2.5543, -1.2028, -2.4904, 1.2942, 0.8049, 0.0, 0.0, 0.0, -0.4076,
        0.0, -0.6884, -0.1666, -1.5781, -0.8774, -0.1735, 0.1569, -1.9494, 0.7582, 1.6382, 0.0619, 0.9638, 0.3552,
        -0.5247, -1.0445, -0.5172, 0.2194, 0.0224, -1.1769, -0.273, -0.8943, 0.3472, -0.1593, -0.6047, 1.3944, 0.0,
        0.0, 0.0, -0.2738, 1.7223, -0.7512, -1.2624, 0.6344, -1.6193, -0.9852, -0.5102, -1.2243, -0.1464,
    ), -7.8134),
}  # fmt: skip

ANSWER_WEIGHTS: dict[str, tuple[tuple[float, ...], float]] = {
    "described": ((
        1.1565, 1.3971, 1.073, 0.7705, 0.398, 1.6237, 1.2743, 0.9289, 1.5192, 0.2938, 0.0, 0.0, 0.4589,
        -0.1445, -0.3539, 0.5366, 0.5834, -0.8918, 0.0138, -0.1141, 0.8248, 0.2569, -0.5295, 0.1723, -0.1387, -0.228,
        0.698, 0.502, 0.4233, -0.4487, -0.4226, 0.431, -0.317, 0.7217, -0.3406, -0.4369, -0.017, -0.6844, 0.0249,
        -0.1998, -0.3544, 0.4098, -0.0747, 0.1816, -0.1391, -0.3173, 0.2795, -0.2825, -0.4918, -1.2212, -0.0154,
    ), -4.9356),
    "aimed": ((
        0.9281, 0.6608, 0.494, 0.6608, 0.494, 0.9133, 0.8454, 1.457, 0.3387, 0.0, 0.0, 0.0, -0.1556,
        0.0, -0.3421, -0.1174, -1.0287, -0.3484, 0.4085, 0.1794, -1.5367, 0.6214, 0.6685, 0.0185, 1.0492, 0.3093,
        -0.2412, -0.6379, -0.3787, 0.1174, -0.1067, -0.2727, -0.1083, -0.4302, 0.4244, 0.0727, 0.0458, 0.2218, 0.0,
        0.0, 0.0, -0.1068, 0.7601, -0.2519, -0.588, 0.7188, -0.2714, -1.4757, -0.2144, -0.112, -0.0625, 0.6221,
        0.643, 0.7, -0.3722, 1.1142, 1.4028,
    ), -8.9269),
    "worded": ((
        1.6982, 1.3217, 0.9969, -1.1867, -0.7796, -0.0596, 3.4601, 0.7954, 0.6873, 0.0, 0.0, 0.0, -0.3488,
        0.0, -0.0692, -0.4304, -0.4449, -0.2761, -0.176, 0.2527, -0.8795, 0.6836, 0.5534, -0.1275, 0.9457, 0.1782,
        -0.2382, -0.3528, -0.3, 0.0343, -0.2162, -0.4601, 0.2433, -1.0268, 0.5792, 0.2, -0.1807, 0.5294, 0.0,
        0.0, 0.0, -0.3699, 0.9868, -0.3025, -0.6195, 0.7315, -0.5421, -0.7502, -0.1199, -0.4174, -0.1039, 2.1093,
        0.3897, 0.83, -0.52, 0.5249, 0.1493,
    ), -7.3226),
}  # fmt: skip

LEARNED_FOR: dict[str, str] = {
    "1e82e16ddbb4": "alignment_fusion_methods",
    "2689f2d618a6": "alignment_fusion_methods",
    "8759e147d776": "alignment_techniques",
    "9a3b7e7055dc": "alignment_techniques",
    "479d59017fc9": "architecture_components",
    "a7078abdf649": "architecture_components",
    "0d27ce49faf7": "architecture_overview",
    "587b93a93118": "architecture_overview",
    "7fb9b84f176e": "datasets_purpose",
    "8a9f5bdba7d9": "datasets_purpose",
    "69b8c81d1982": "datasets_used",
    "99fe570e3c15": "datasets_used",
    "a9713359a47b": "training_methods",
    "c48c91b93c23": "training_methods",
}

LEARNED_WORDS: dict[str, str] = {
    "architecture_overview": (
        "abil -3.28 ablat -3.26 accuraci -3.28 achiev 0.34 across 0.18 add 2.27 addit 1.31 adopt 1.69 "
        "advanc 1.21 aim -3.26 al 0.52 align 0.90 answer -3.29 appendix -3.27 appli -3.26 approach -3.28 "
        "architectur 0.38 attent 3.07 averag -3.27 backbon 1.69 base 0.81 batch -3.27 benchmark -0.26 blip 0.71 "
        "bootstrap -3.27 bridg 9.45 capabl 0.17 capfilt -3.26 caption -3.29 categori -3.27 causal 3.88 chatgpt 0.64 "
        "classif -3.28 clip 1.17 coco -3.28 collect -3.27 common -3.26 commonsens -3.26 compar -0.53 comparison -3.27 "
        "complet -3.26 complex 0.44 comput -3.27 conduct -3.27 consist 2.27 content -3.26 context -3.28 contrast 1.25 "
        "convers -3.28 corpora -3.26 correspond -3.26 cross 2.03 dataset -3.29 decod 2.46 demonstr -3.29 describ -3.26 "
        "descript -3.29 design 1.06 despit -3.27 detail -3.29 differ -0.23 divers -3.28 document -3.26 downstream -3.28 "
        "due -3.28 effect -3.28 effici 1.06 embed 3.19 employ 2.09 enabl -3.28 encod 2.84 end -3.27 "
        "enhanc -3.27 et 0.52 eva 1.12 evalu -1.18 exampl -3.29 exist -3.27 experi 0.85 extract 1.75 "
        "featur 1.87 fed 2.34 feed 3.88 few -3.28 fig 0.64 filter -3.28 final -3.27 find 0.57 "
        "finetun -0.93 first -3.28 flamingo -3.26 flant 0.72 flickr -3.27 follow -0.93 format 0.50 former 3.11 "
        "frozen 2.68 further -3.27 furthermor -3.27 generat -0.82 gpt -0.14 ground 1.81 held -3.28 high 1.41 "
        "howev -3.26 human -3.27 hyperparamet -3.26 identifi -3.26 imag 0.60 imagenet -3.27 improv 0.21 includ 0.15 "
        "increas -3.26 indic -3.27 inform 0.13 initi 1.40 input 1.52 instruct -0.19 instructblip 0.42 interact 2.90 "
        "interleav -3.26 introduc -3.27 iq -3.27 knowledg -3.28 kosmo -1.01 laion -3.27 languag 0.19 layer 2.74 "
        "lead 0.50 learn -0.10 left 9.45 li 0.72 like -3.27 limit -3.27 linear 2.40 llava 0.98 "
        "llm 1.51 llms -0.26 long -3.27 loss 0.85 make -3.26 method -3.29 minigpt 0.12 mllms -3.26 "
        "modal 0.87 modul 3.19 multi 1.00 multimod 0.81 multipl -3.26 name 1.18 natur -3.28 network 4.28 "
        "new -3.27 noisi -3.27 nonverb -3.26 object -3.28 observ -3.27 ocr -3.26 open -3.27 optim -3.28 "
        "origin 0.18 out -3.28 outperform -3.28 output 0.69 page -3.27 paper -3.26 paramet 0.72 percept 1.04 "
        "perform -0.55 poem -3.26 pre 1.15 predict -3.27 pretrain 0.72 previous -3.26 produc 0.50 project 3.19 "
        "prompt 0.22 propos 1.46 provid -3.27 qualit -3.26 qualiti 0.64 question -3.29 random -3.26 rang 0.90 "
        "rate -3.27 raven -3.26 reason -3.29 recent -3.27 reduc 0.72 remov -3.26 report 0.81 represent 1.99 "
        "requir 0.72 resampl 2.78 research -3.26 resolut -3.26 respect -3.26 respons 0.68 result -3.29 retriev -3.28 "
        "right 9.45 sampl -0.61 scale -3.28 score -3.27 second -3.28 section -3.26 select -3.26 self 3.88 "
        "sentenc -3.26 sequenc 2.34 set -0.92 sever -3.26 short -3.27 shot -3.29 show -3.29 shown -0.26 "
        "signific -3.28 similar 0.18 singl 1.18 size -3.28 smaller -3.26 sourc -3.27 specif 1.51 split -3.26 "
        "stage -3.29 step -3.27 strategi -3.26 studi -3.27 synthet -3.26 tabl -3.29 task 0.15 templat -3.26 "
        "test -3.28 text 0.91 time -3.26 token 1.76 top 0.27 train 0.32 transfer -3.27 transform 2.82 "
        "tune -1.12 understand 0.47 up -3.27 upon 2.90 use 1.06 util 1.40 valid -3.27 various -3.28 "
        "vector 3.88 vicuna 2.30 video -3.27 vision 0.77 visual 1.02 vit 2.21 vizwiz -3.26 vqa 0.25 "
        "vqav -3.26 way -3.26 web -3.29 websit -3.26 wide 0.18 work 0.27 zero -3.29 "
    ),
    "architecture_components": (
        "abil -3.24 ablat -3.22 accuraci 0.40 achiev 0.67 across 0.22 add 2.32 addit 1.39 advanc 1.21 "
        "aim -3.22 al 1.06 align 0.22 answer -3.25 appendix -3.23 appli -3.22 approach -3.24 architectur 0.22 "
        "attent 3.12 averag -3.23 backbon 2.14 base 0.40 batch -3.23 benchmark -0.21 blip 0.91 bootstrap -3.23 "
        "bridg 3.92 capabl -0.83 capfilt -3.22 caption -0.71 categori -3.23 causal 3.23 chatgpt 0.69 classif -3.24 "
        "clip 1.57 coco -3.24 collect -3.23 common -3.22 commonsens -3.22 compar -0.48 comparison -3.23 complet -3.22 "
        "complex 0.49 compon 3.64 comput -3.23 conduct -3.23 consist 2.32 content -3.22 contrast -3.23 convers -3.24 "
        "corpora -3.22 correspond -3.22 cross 1.79 data -0.66 dataset -3.25 decod 1.85 demonstr -3.24 describ -3.22 "
        "descript -3.25 design 0.37 despit -3.23 detail -3.25 differ -0.15 divers -3.24 document -3.22 downstream -3.24 "
        "due -3.24 effect -3.24 effici -3.23 embed 2.01 employ 2.54 enabl -3.24 encod 2.67 end 0.49 "
        "enhanc -3.23 et 1.06 eva 1.50 evalu -0.49 even -3.22 exampl -3.25 except -3.22 exist -3.23 "
        "experi 0.95 extract 0.22 featur 1.17 feed 3.64 few -3.24 ffn 3.23 fig 0.62 figur -3.25 "
        "filter 0.46 final -3.22 find 0.62 finetun -0.87 first -3.24 flamingo -3.22 flant 2.54 flickr -3.23 "
        "follow -0.89 format -0.15 former 2.48 forward 3.64 frozen 2.23 further -3.23 furthermor -3.23 general -3.25 "
        "generat -1.42 ground 2.03 held -3.23 high -3.22 howev -3.22 human -3.23 hyperparamet -3.22 identifi -3.22 "
        "imag 0.53 imagenet 1.51 improv -0.79 includ -0.46 increas -3.22 indic -3.23 initi 1.71 input 0.87 "
        "instruct -0.66 instructblip 0.49 interact 2.32 interleav -3.22 introduc 1.17 iq -3.23 knowledg -3.24 kosmo -0.33 "
        "laion -3.23 larg -0.11 layer 2.45 lead -3.22 learn -0.80 li 0.81 like -3.23 limit -3.23 "
        "linear 2.68 llama 3.23 llm 1.32 llms 0.49 long 0.62 loss 0.22 make -3.22 method -3.24 "
        "minigpt 0.18 mllms -3.22 modal -3.24 modul 3.23 multi 0.27 multimod -0.80 multipl -3.22 name 0.55 "
        "natur -3.24 network 9.61 new -3.23 noisi 0.27 nonverb -3.22 number 0.77 object -3.24 observ -3.23 "
        "ocr -3.22 open 0.32 optim -3.24 origin 0.18 out -3.24 outperform -3.23 output 0.27 page -3.23 "
        "paper -3.22 paramet 1.58 percept 0.65 perform -0.89 poem -3.22 posit 2.14 pre 0.63 predict -3.23 "
        "present 0.13 pretrain 0.74 previous -3.23 process -3.24 produc -3.23 project 2.88 prompt -0.80 propos 0.18 "
        "provid -3.23 qualit -3.22 qualiti 0.69 question -3.25 random -3.22 rang 0.22 rate -3.23 raven -3.22 "
        "reason -3.25 recent 0.27 remov 0.55 report 0.22 represent 1.45 requir -3.24 research -3.22 resolut -3.22 "
        "respect -3.22 result -1.07 retriev -3.24 sampl 0.53 scale -0.46 score -3.23 second -3.24 section -3.22 "
        "select -3.22 self 3.46 sentenc 0.62 set -0.87 sever -3.22 short -3.23 shot -0.68 show -3.25 "
        "shown -3.24 signific -3.24 similar 0.22 singl 1.37 size -0.30 sourc 0.55 specif 1.56 split -3.22 "
        "stage -3.25 step -3.23 strategi -3.22 studi -3.23 synthet -3.22 tabl -3.25 task -1.12 templat -3.22 "
        "test -3.24 text 0.79 time -3.22 token 1.17 top 1.05 touvron 3.23 train -0.26 transfer -3.23 "
        "transform 2.87 tune -0.43 understand -3.24 unifi -3.22 up 0.37 use 1.30 util 1.40 valid -3.23 "
        "variant 1.99 various -3.24 vicuna 2.87 video -3.23 vision 0.66 visual 0.69 vit 3.13 vizwiz -3.22 "
        "vqa -0.37 vqav -3.22 way -3.22 web -0.59 websit -3.22 wide 0.18 work 0.32 xxl 3.23 "
        "zero -0.60 "
    ),
    "training_methods": (
        "abil -3.97 ablat -3.94 accuraci -3.97 achiev -1.43 across -0.48 adamw 3.86 addit -1.02 address 1.10 "
        "adopt 2.08 advanc -3.96 aim -3.94 al -0.70 align 0.85 answer -1.52 appendix -0.13 appli 1.19 "
        "approach 0.15 architectur -3.96 art -3.96 attent 0.88 averag -3.95 awar -3.94 backbon -3.94 base -1.02 "
        "batch 3.07 benchmark -3.97 better -0.70 blip -0.43 bootstrap -0.32 capabl -3.97 caption 0.39 categori -3.96 "
        "chatgpt -3.94 checkpoint 3.86 classif -3.96 clip 0.96 coco -0.20 collect 0.70 combin 1.79 common -3.95 "
        "commonsens -3.95 compar -3.97 comparison -3.95 complet 0.88 complex -0.26 comput 0.36 conduct 0.36 contain -3.96 "
        "context -0.77 contrast 0.62 convers 0.34 correspond 0.70 cosin 8.72 cross 0.65 data 0.24 dataset -0.14 "
        "day 3.17 decay 8.90 decod 0.30 demonstr -3.97 descript -0.62 design 1.23 despit -3.95 detail -0.16 "
        "differ -0.93 direct -0.74 divers -3.96 downstream -3.96 due 0.50 effect -1.07 effici 0.82 embed -3.96 "
        "enabl -3.96 encod 1.00 end 0.55 enhanc -0.13 et -0.70 eva 1.10 evalu -3.97 exampl -0.86 "
        "except 2.15 exist -3.95 experi -0.53 extract -3.96 featur 0.36 few -3.96 fig -3.95 figur -3.97 "
        "filter 0.91 final 1.02 find -0.13 finetun 1.14 first 0.42 flamingo -3.94 flant -3.94 flickr -3.96 "
        "follow -0.93 format 0.26 former 1.44 found 0.99 freez 8.72 frozen 1.70 further 0.42 general -3.97 "
        "gpt -3.96 gpus 2.89 ground -0.62 held -0.48 high 1.28 hour 8.72 howev -3.95 human 0.95 "
        "hyperparamet 1.79 identifi -3.95 imag 0.33 imagenet -0.43 improv 0.26 includ 0.62 increas 1.79 indic -0.48 "
        "inform -0.66 initi 2.56 input 0.10 instruct 0.27 instructblip -3.97 introduc -3.95 iq -3.95 keep 3.58 "
        "laion -0.13 larg -0.79 layer 1.65 lead -3.95 learn 1.41 leverag 1.97 li -0.70 like -0.38 "
        "likelihood 3.17 limit -3.95 linear 2.35 llm 0.53 llms -3.97 long -0.13 loss 2.59 make -3.94 "
        "maxim 3.17 mere 1.57 method -1.15 million 1.57 minigpt -0.28 mix 3.17 mllms -3.95 modal 0.13 "
        "model 0.31 multi -0.48 multimod -0.19 name -0.26 natur -0.90 new 0.70 noisi 0.25 nonverb -3.94 "
        "number -0.70 object 0.84 observ -0.26 ocr -3.94 open -3.95 optim 2.58 order 2.26 origin 0.93 "
        "out -3.96 outperform -3.96 output 0.22 page -3.95 pair 1.44 paper -3.95 paramet 0.79 percept -3.96 "
        "perform -0.74 poem -3.95 pre 1.48 predict -0.26 present -3.96 pretrain 1.83 probabl 1.23 problem 1.79 "
        "process 1.54 produc -0.32 project 1.79 prompt -0.19 propos 0.99 provid -3.96 qualit -3.95 question -1.41 "
        "random 1.51 rang -3.96 rate 2.99 raven -3.94 reason -3.97 recent -3.96 remov -0.26 report -3.96 "
        "represent 1.28 requir 0.25 research -3.94 resolut 0.70 respect -0.13 respons 0.38 result -3.97 retriev -3.96 "
        "sampl 0.44 scale 0.55 score -3.96 second 0.77 section -3.94 sentenc -3.95 set -0.23 short -0.38 "
        "shot -2.04 show -1.32 shown -3.97 similar -0.43 singl 1.90 size 1.35 soft 2.48 sourc -3.95 "
        "specif 1.34 stage 1.39 state -3.96 step 2.38 strategi 0.99 studi -3.96 tabl -1.55 take 1.51 "
        "task -1.23 templat 1.39 test -3.97 text 0.81 through -3.94 throughout 8.72 token 1.28 top -3.96 "
        "train 1.31 transfer -3.95 transform 0.15 tune 0.94 understand -0.93 unifi -3.94 up 1.10 use 0.48 "
        "util 0.25 valid -0.20 various -3.96 vicuna 0.93 video -3.95 vision 0.36 visual -0.43 vit 0.65 "
        "vizwiz -3.95 vqa -1.07 vqav -3.94 warm 8.79 way -3.94 web 0.12 websit -3.94 weight 3.73 "
        "wide -3.96 work -0.43 zero -1.33 "
    ),
    "alignment_techniques": (
        "abil -2.93 ablat -2.90 accuraci -2.93 achiev -2.94 across -2.92 addit 0.68 advanc 1.20 aim 2.16 "
        "al 0.33 align 3.18 answer -2.94 appendix -2.91 appli -2.91 approach -2.93 architectur 0.53 art -2.92 "
        "attent 0.85 averag -2.92 backbon -2.90 base -2.93 batch 1.54 benchmark -2.93 better -2.92 blip 0.60 "
        "bootstrap -2.92 bridg 9.87 capabl -0.51 capfilt -2.91 caption -0.40 categori -2.92 chatgpt -2.91 classif 0.25 "
        "clip -0.45 coco -2.93 collect -2.92 common -2.91 commonsens -2.91 compar -0.16 comparison -2.92 complet -2.90 "
        "complex -2.92 comput 0.68 conduct -2.92 contain -2.92 content -2.90 context -2.93 contrast 2.95 convers -2.93 "
        "corpora 0.92 correspond 0.99 cross 0.73 data 0.34 dataset -0.49 demonstr -2.93 describ -2.90 descript -2.93 "
        "design 1.36 despit -2.91 detail -2.93 differ -2.93 direct -2.93 divers -2.93 document -2.91 downstream -2.93 "
        "due -2.93 effici -2.92 embed 1.70 employ -2.92 enabl 0.40 encod 2.23 encourag 3.54 end -2.92 "
        "enhanc -2.91 et 0.33 eva -2.93 evalu -2.94 exampl -2.94 exist -2.91 experi -2.92 extract 2.44 "
        "featur 2.85 few -2.93 fig 0.92 figur -2.94 filter -2.93 final -2.92 find 2.16 fine 2.44 "
        "finetun -2.94 flamingo -2.91 flant -2.91 flickr -2.92 follow -0.58 format -2.93 former 3.13 frozen 3.42 "
        "further -2.92 furthermor -2.91 general -0.28 generat -0.48 gpt -2.93 ground 0.44 held -2.92 high -2.90 "
        "howev -2.91 human -2.92 identifi -2.91 imag 0.59 imagenet -2.92 improv -0.48 includ -0.16 increas -2.91 "
        "indic 0.62 inform 1.94 initi 1.03 input 0.20 instruct 0.51 instructblip 0.77 introduc 1.36 iq -2.92 "
        "knowledg -2.93 kosmo -2.94 laion 0.79 languag 0.78 larg 0.98 layer 2.89 lead -2.91 learn 1.16 "
        "leverag 2.44 li 1.07 like 0.73 limit 0.68 linear 3.03 llava 0.40 llm 2.04 long -2.91 "
        "loss 1.81 make -2.91 mere 2.44 method -2.93 minigpt 1.22 mllms -2.91 modal 0.18 model 0.35 "
        "multi -2.92 multimod 1.12 multipl -2.91 name -2.91 natur -2.93 new -2.92 noisi -2.92 nonverb -2.90 "
        "number -2.93 object -2.93 observ -2.92 ocr -2.91 open -2.92 optim -2.93 origin 0.48 out -2.93 "
        "outperform -2.92 output 1.30 page -2.92 pair 1.43 paper -2.91 paramet -2.93 percept 1.43 perform -1.19 "
        "poem -2.91 power 2.29 predict 0.79 present 0.44 pretrain 1.72 previous -2.91 process 1.03 produc 0.79 "
        "project 3.99 prompt 0.57 propos 1.65 provid -2.92 qualit -2.91 qualiti -2.91 question -2.94 random -2.90 "
        "rang -2.92 rate -2.92 raven -2.90 reason -2.93 recent -2.92 reduc -2.91 remov -2.92 report -2.92 "
        "represent 3.25 requir 1.07 resolut -2.91 respect -2.91 respons -2.93 result -2.94 retriev -2.92 sampl -2.93 "
        "scale -0.18 score -2.92 second 1.22 section -2.90 select 0.99 self 2.16 sentenc -2.91 set -0.55 "
        "sever -2.91 share -2.91 short -2.92 shot -2.94 show -2.93 shown -2.93 signific -2.93 similar 1.70 "
        "singl 1.54 smaller -2.90 soft 9.91 sourc -2.92 specif 0.89 split -2.90 stage 1.20 state -2.92 "
        "step 0.68 studi -2.92 synthet -2.91 tabl -2.94 target 3.13 task -0.80 templat -2.91 test -2.93 "
        "text 0.72 token 0.25 top -2.92 train 0.41 transfer -2.92 transform 1.94 understand -2.93 up -2.92 "
        "use 1.47 util 1.25 valid -2.92 various -2.93 vicuna 1.99 video -2.92 vision 1.30 visual 1.46 "
        "vit -2.92 vizwiz -2.91 vqa -2.93 vqav -2.91 way -2.90 web -2.93 wide -2.92 work -2.92 "
        "zero -2.94 "
    ),
    "alignment_fusion_methods": (
        "abil -2.81 ablat -2.79 accuraci -2.81 achiev -2.82 across -2.80 addit 1.48 advanc -2.81 aim -2.79 "
        "al -2.82 align -2.82 answer -0.37 appendix -2.80 appli -2.79 approach -2.81 architectur -2.80 art -2.81 "
        "attent 3.55 averag 0.86 backbon -2.79 base 0.16 batch -2.80 benchmark -2.81 better -2.81 billion -2.79 "
        "blip -0.59 bootstrap -2.80 capabl -0.42 capfilt -2.79 caption -0.92 categori -2.80 chatgpt -2.79 classif -2.81 "
        "clip -2.82 coco -2.81 collect -2.80 common -2.79 commonsens -2.79 comparison -2.80 complet -2.79 complex -2.80 "
        "comput -2.80 concaten 3.66 conduct -2.80 contain 1.24 context -2.81 contrast -2.79 convers -2.81 corpora -2.79 "
        "correspond 1.12 cross 2.82 data -2.82 dataset -2.82 decod 1.57 demonstr -2.82 descript -2.82 design 0.80 "
        "despit -2.80 detail 0.54 differ -2.81 direct 0.44 divers -2.81 document 1.20 downstream -2.81 due -2.81 "
        "effect -2.81 effici -2.80 embed 4.58 employ 0.92 enabl -2.81 encod 2.53 end 0.92 enhanc -2.80 "
        "et -2.82 eva -2.82 evalu -2.82 exampl -0.34 except -2.79 exist 0.98 experi -2.81 extract 2.11 "
        "featur 1.79 fed 3.48 feed 4.35 few -2.81 fig -2.79 figur 0.84 filter -2.81 final -2.80 "
        "find 1.05 finetun 0.58 first 1.22 flamingo -2.79 flant -2.79 flickr -2.80 follow 0.58 format 0.31 "
        "former 3.15 frozen 2.57 further -2.80 furthermor -2.80 general -2.82 generat -0.37 gpt -2.81 ground 2.28 "
        "held -2.81 high -2.79 howev -2.79 human 1.60 hyperparamet -2.79 identifi -2.79 imag 1.01 imagenet -2.80 "
        "improv -0.37 includ -2.82 increas -2.79 indic 0.70 inform 0.48 initi -2.81 inject 3.66 input 2.06 "
        "instruct 0.43 instructblip -0.16 interact 3.38 introduc -2.80 iq -2.80 knowledg -2.81 kosmo -2.82 laion -2.80 "
        "languag -0.50 larg -2.82 layer 2.82 lead -2.79 learn -0.34 li -2.81 like -2.80 limit -2.80 "
        "linear 2.75 llava 0.52 llm 1.75 llms -2.81 long -2.80 loss 0.61 make -2.79 method -2.82 "
        "minigpt -2.82 mllms -2.79 modal 0.95 model -0.92 modul 2.97 multi -2.80 multimod 0.70 multipl -2.79 "
        "name -2.79 natur -2.81 new -2.81 noisi -2.80 nonverb -2.79 number 0.44 object -2.81 observ -2.80 "
        "ocr -2.79 open -2.80 optim -2.81 origin 0.56 out -2.81 outperform -2.81 output 2.03 page -2.80 "
        "pair 0.37 paper -2.79 paramet -2.81 percept -2.81 perform -0.46 poem -2.79 pool 4.35 pre -0.50 "
        "predict -2.80 present -2.81 previous -2.80 process 1.20 produc 0.98 project 3.08 prompt 1.23 propos 0.61 "
        "provid -2.81 qualit -2.79 qualiti -2.79 question -0.26 rang -2.80 rate -2.80 raven -2.79 reason -2.82 "
        "recent -2.80 reduc 1.20 remov -2.80 report -2.81 represent 1.88 requir -2.81 research -2.79 resolut -2.80 "
        "respect -2.79 respons -2.81 result -2.82 retriev -2.81 sampl -0.12 scale -2.82 score -2.80 second 0.16 "
        "section -2.79 select -2.79 self 3.44 sentenc -2.79 set 0.22 sever -2.79 short -2.80 shot -2.82 "
        "show -2.82 shown 1.28 signific -2.81 similar -2.80 singl -2.79 size -2.81 smaller -2.79 soft 4.76 "
        "sourc -2.80 specif 1.01 split -2.79 stage -0.16 state -2.81 step -2.80 strategi -2.79 studi -2.81 "
        "synthet -2.80 tabl -2.82 task -0.32 templat 1.12 test -2.81 text 1.03 through 2.97 time -2.79 "
        "token 2.23 top -2.80 train -0.63 transfer -2.80 transform 2.00 tune -0.66 understand -2.81 up -2.80 "
        "use 0.86 util 0.70 valid -2.80 various -2.81 vector 4.35 vicuna -2.80 video -2.80 vision 0.12 "
        "visual 0.89 vit -2.80 vizwiz -2.79 vqa -2.81 vqav -2.79 web -2.82 websit -2.79 wide -2.81 "
        "work 0.75 zero -2.82 "
    ),
    "datasets_used": (
        "abil -1.09 accuraci 0.99 achiev -1.52 across -0.60 addit 0.87 advanc -0.77 aim -4.04 al 0.84 "
        "align -0.65 annot 1.50 answer 0.23 appendix -4.04 approach -4.05 architectur -4.05 art 0.17 attent -4.05 "
        "augment 2.00 averag 0.81 awar -4.03 backbon -4.04 base -1.12 batch 1.16 benchmark 0.12 better -0.77 "
        "billion 0.71 blip -0.81 bootstrap -4.05 capabl -0.29 capfilt -4.04 caption 0.57 categori 0.23 cc 8.81 "
        "changpinyo 3.79 chatgpt -4.04 choic 2.41 choos 8.74 clip -0.98 coco 2.55 collect 1.64 combin 1.90 "
        "comparison -0.28 complex -4.04 compris 8.67 comput 0.28 conceptu 3.25 conduct 1.38 construct 2.63 contain 1.52 "
        "context -4.05 contrast -4.04 convers 0.85 correspond 1.21 coyo 8.81 cross -4.05 dataset 1.37 decod -4.06 "
        "demonstr -4.06 descript 0.20 design 0.23 despit -4.04 differ -1.01 direct -0.77 divers -4.05 downstream -0.69 "
        "due -4.05 effect -0.45 effici -4.05 embed -4.05 employ -4.04 enabl -4.05 encod -1.82 end -0.28 "
        "enhanc -4.04 et 0.84 eva -0.28 evalu 1.18 even -4.03 exampl -0.91 except -4.03 exist -4.04 "
        "experi 1.43 featur -0.56 few -0.24 fig -4.04 figur -4.06 filter -1.07 final -0.21 find -0.14 "
        "fine 1.31 finetun 0.12 first -0.45 flamingo -0.14 flant -4.04 flickr 2.41 follow -0.37 format 0.51 "
        "former -0.77 four 1.43 frozen -4.04 further 0.68 furthermor 0.47 general -1.43 generat -0.54 genom 3.79 "
        "gpt -4.06 gpus 1.16 gqa 8.82 ground -0.73 hatefulmem 2.41 here 2.12 high -4.04 howev -4.04 "
        "human -0.40 hyperparamet -4.03 identifi -4.04 imag 0.28 imagenet 1.46 img 2.41 improv -0.57 includ 1.43 "
        "incorpor 1.90 increas 0.55 indic -4.05 inform -4.05 initi 0.38 input -1.63 instruct -0.80 instructblip -0.34 "
        "introduc -0.51 iq 0.41 karpathi 3.32 kosmo -0.21 laion 8.86 languag -0.81 larg -1.53 layer -4.06 "
        "lead -4.04 learn -4.07 li 0.71 like -0.45 limit -4.05 linear -4.04 llava 0.18 llms -4.06 "
        "local 2.41 long -4.04 loss -0.65 lower 1.16 make -0.14 mean 2.81 method 0.23 minigpt -0.66 "
        "mllms -0.14 modal -4.06 model -0.66 msrvtt 8.74 multi -0.56 multimod -0.96 multipl 1.60 name -4.04 "
        "natur 0.47 new -0.65 noisi -0.60 number -0.81 object -0.24 observ 0.41 ocr 1.50 okvqa 8.84 "
        "open 0.23 optim 0.63 ordonez 8.74 origin -0.65 out 0.59 output -0.60 page 1.16 pair 0.65 "
        "paper -4.04 paramet -0.81 percept -4.06 poem 0.55 pre -1.76 predict -4.05 present -0.69 pretrain -0.53 "
        "previous -0.21 process -0.81 produc -4.04 project -4.05 propos -4.05 provid -0.65 public 1.16 qualit -4.04 "
        "qualiti -4.04 quantit 2.00 question 0.85 random 1.72 rang -4.05 rate -4.04 reason 0.34 recent -4.05 "
        "reduc -4.04 remov -0.40 report 1.31 represent -4.04 requir 0.71 research -4.03 resolut -0.28 respect 1.50 "
        "respons -0.14 result -0.33 retriev 0.63 sampl 0.76 sbu 8.77 scale -0.56 schuhmann 8.74 scienceqa 3.32 "
        "score 0.63 second 0.37 section -4.03 select 1.11 sentenc -4.04 set 0.57 share -4.04 short 0.28 "
        "shot 0.16 show -1.43 shown -1.07 signific -0.91 similar 0.12 simpl -4.03 singl -4.04 size 0.34 "
        "sourc 1.03 specif -0.24 split 3.25 stage 0.25 state 0.17 step -0.45 strategi -4.03 structur 1.72 "
        "studi -0.65 subset 3.10 synthet -4.04 tabl -0.20 task -0.74 templat 0.63 test 1.68 textcap 8.67 "
        "textvqa 8.74 through -4.03 token -0.91 top 0.97 total 2.00 transfer -4.04 transform -4.05 tune -0.85 "
        "understand -0.98 unifi -4.03 up 0.34 use -4.05 util -0.60 valid 2.41 variant 1.72 various -4.05 "
        "vicuna -0.69 video -0.28 visdial 2.41 vision -2.17 visual 0.13 vit -4.05 vizwiz 2.12 vqa 1.06 "
        "vqav 1.94 way -4.03 web 0.63 websit -4.03 wide -4.05 work -0.51 zero 0.36 "
    ),
    "datasets_purpose": (
        "abil -0.24 accuraci 0.79 achiev -3.89 across -0.39 addit 0.90 advanc -0.61 aim -3.87 al 0.89 "
        "align 0.48 answer 0.54 appendix -0.11 appli -3.86 approach -0.57 architectur -3.88 art 0.33 attent -3.87 "
        "augment 2.17 averag 0.97 awar -3.86 backbon -3.86 base -0.96 batch 0.97 benchmark 0.63 better -0.61 "
        "billion 0.10 blip -0.64 bootstrap -3.87 capabl 0.10 caption 0.49 categori 1.13 changpinyo 3.95 chatgpt -3.86 "
        "choic 1.48 classif 1.14 clip -0.77 coco 2.92 collect 0.90 combin 1.88 compar 0.53 comparison -0.11 "
        "complet 1.48 complex -3.87 comprehens 1.32 comput 0.44 conceptu 2.57 conduct 1.54 consist -3.87 construct 2.28 "
        "contain 1.07 context -0.65 contrast -3.87 convers 1.05 corpora -3.87 correspond 0.87 cross -0.44 dataset 1.50 "
        "decod -3.89 demonstr -1.10 descript 0.59 design 0.39 despit -3.87 detail 0.59 differ -0.85 direct 0.10 "
        "divers -3.88 document -3.86 downstream -0.53 due -3.88 effect -0.24 effici -3.88 embed -3.88 enabl -0.57 "
        "encod -1.66 end -0.18 enhanc -0.18 et 0.89 eva -0.44 evalu 1.63 even -3.86 exampl -0.35 "
        "except -3.86 exist -3.87 experi 1.19 extract -3.88 featur -1.08 few 0.35 fig -3.87 figur -0.68 "
        "filter -0.24 final 1.11 fine 2.06 finetun 0.95 first 0.19 flamingo 0.87 flant -3.86 flickr 2.17 "
        "former -0.65 four 2.01 frozen -3.87 further 1.48 general -0.59 generat -0.22 genom 3.66 gpt -3.88 "
        "gqa 4.17 ground -0.49 hatefulmem 1.32 held 1.95 howev -3.87 human -0.24 hyperparamet -3.86 identifi -3.87 "
        "imag 0.25 imagenet 1.48 improv 0.10 includ 1.41 indic 0.33 inform -3.88 initi 0.54 input -1.43 "
        "instructblip 0.12 introduc -0.34 iq 0.57 karpathi 2.86 knowledg 0.50 kosmo -0.27 laion 3.04 languag -0.25 "
        "larg -3.89 layer -3.89 lead -3.87 learn -0.38 level 2.17 li 0.54 like -0.29 limit -3.87 "
        "linear -3.87 llava 0.15 llms -3.89 local 1.88 long -3.87 loss -0.49 make 0.10 method -1.03 "
        "minigpt -0.22 modal -0.93 moreov 1.19 multi -0.39 multimod -1.46 name -3.87 natur 0.35 new -0.49 "
        "noisi -0.44 number -0.65 observ -0.11 ocr 1.88 okvqa 4.35 open -0.34 optim 0.50 ordonez 8.89 "
        "origin -0.53 out 1.63 outperform 0.28 output -0.44 page -3.87 pair 0.30 paper -3.87 paramet -0.65 "
        "perform 0.35 poem 0.71 pre -0.97 predict -3.87 present -0.44 pretrain 0.39 previous -0.11 produc -3.87 "
        "project -3.87 prompt -0.12 propos -0.49 provid 0.23 qa 1.73 qualit -3.87 quantit 2.17 question 0.99 "
        "random 1.59 rang -0.49 rate -3.87 read 2.17 reason 0.86 recent -0.39 reduc -3.86 remov -0.24 "
        "report 0.97 requir 0.15 research -3.86 respect 1.88 respons -0.65 result -0.17 retriev 1.35 sbu 8.89 "
        "scale -1.10 schuhmann 8.89 score 0.33 second 1.32 section -3.86 select 0.87 sentenc -3.86 set 0.95 "
        "share -3.86 short -0.29 shot 0.96 show -1.25 shown 0.16 signific -0.75 similar 0.28 simpl -3.86 "
        "singl -3.87 size 0.19 sourc -0.18 specif 0.39 split 2.75 stage 0.94 state 0.33 step -0.29 "
        "strategi -3.86 studi -0.44 synthet -3.87 tabl 0.32 templat 0.10 test 1.88 textcap 8.82 through -3.86 "
        "token -3.88 top 0.39 total 2.17 train 0.15 transfer 0.50 transform -3.88 understand -0.82 unifi -3.86 "
        "up -0.29 use -3.87 util 0.28 valid 2.57 variant 1.88 various 0.10 vicuna -0.53 video 1.48 "
        "vision -1.38 visual 0.13 vit -3.88 vizwiz 1.98 vqa 1.51 vqav 2.10 web -0.16 websit -3.86 "
        "weight -3.86 wide -0.44 work -3.88 zero 1.07 "
    ),
}
