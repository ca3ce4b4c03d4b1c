"""The judge's rival: a conditional random field over all words, with the words, their looks and all that the gazetteer
says of them as features. Prints recognition (overlap) with a corpus left out, and in five folds by document.

    cargo run --release -p xtask -- train --corpora CORPORA --rival FOLDER
    pip install python-crfsuite==0.9.11
    python3 benches/rival/crf.py FOLDER
"""

import json
import pathlib
import sys
import tempfile

import pycrfsuite

WEIGHTS = {"lgl": 1, "gwn": 1, "anc": 1}
SCORED = ("lgl", "gwn")
FOLDS = 5


def features(words):
    def own(i, at):
        if not 0 <= i < len(words):
            return [f"{at}:none"]
        w = words[i]
        text = w["word"]
        near = [f"{at}:word={text}", f"{at}:casing={w['casing']}", f"{at}:gap={w['gap']}"]
        if at in (-1, 0, 1):
            near += [f"{at}:{fact}" for fact in w["known"]] + [f"{at}:end={text[-3:]}"]
        return near

    for i in range(len(words)):
        yield ["bias", *(f for at in range(-3, 4) for f in own(i + at, at))]


def tags(words, gold):
    found, last = [], None
    for w in words:
        inside = next((tuple(g) for g in gold if g[0] < w["end"] and w["start"] < g[1]), None)
        found.append("O" if inside is None else "I" if inside == last else "B")
        last = inside
    return found


def spans(words, tagged):
    found = []
    for w, tag in zip(words, tagged):
        if tag == "B" or (tag == "I" and not (found and found[-1][2])):
            found.append([w["start"], w["end"], True])
        elif tag == "I":
            found[-1][1] = w["end"]
        elif found:
            found[-1][2] = False
    return [f[:2] for f in found]


def overlaps(gold, predicted):
    pairs = [
        (-(min(g[1], p[1]) - max(g[0], p[0])), i, j)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if min(g[1], p[1]) > max(g[0], p[0])
    ]
    used, taken = set(), set()
    for _, i, j in sorted(pairs):
        if i not in used and j not in taken:
            used.add(i)
            taken.add(j)
    return len(used)


def train(documents, path):
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.1, "c2": 0.05, "max_iterations": 80, "feature.possible_transitions": True})
    for d in documents:
        trainer.append(d["features"], d["tags"])
    trainer.train(path)
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    return tagger


def score(tagger, documents):
    right = predicted = gold = 0
    for d in documents:
        found = spans(d["words"], tagger.tag(d["features"]))
        right += overlaps(d["gold"], found)
        predicted += len(found)
        gold += len(d["gold"])
    return right, predicted, gold


def tell(name, how, right, predicted, gold):
    precision, recall = right / predicted, right / gold
    print(f"{name} {how}: {precision:.3f} {recall:.3f} {2 * precision * recall / (precision + recall):.3f}", flush=True)


def main():
    folder = pathlib.Path(sys.argv[1])
    corpora = {}
    for name in WEIGHTS:
        documents = [json.loads(line) for line in (folder / f"{name}.jsonl").open()]
        for d in documents:
            d["features"] = pycrfsuite.ItemSequence([dict.fromkeys(f, 1.0) for f in features(d["words"])])
            d["tags"] = tags(d["words"], d["gold"])
        corpora[name] = documents
    with tempfile.TemporaryDirectory() as temporary:
        path = f"{temporary}/model"
        for name in SCORED:
            others = [d for other, documents in corpora.items() if other != name for d in documents]
            tell(name, "left out", *score(train(others, path), corpora[name]))
        sums = {name: [0, 0, 0] for name in SCORED}
        for fold in range(FOLDS):
            rest = [d for ds in corpora.values() for n, d in enumerate(ds) if n % FOLDS != fold]
            tagger = train(rest, path)
            for name in SCORED:
                held_out = [d for n, d in enumerate(corpora[name]) if n % FOLDS == fold]
                sums[name] = [a + b for a, b in zip(sums[name], score(tagger, held_out))]
        for name in SCORED:
            tell(name, "folds", *sums[name])


if __name__ == "__main__":
    main()
