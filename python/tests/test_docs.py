"""The examples of docs/python.md, one after the other."""

import re

import mentionmap
from conftest import ROOT, module


def test_the_examples_run(tmp_path, monkeypatch, articles):
    module("geopandas")
    pyarrow = module("pyarrow")
    import pyarrow.parquet

    monkeypatch.chdir(tmp_path)
    texts = [article["text"] for article in articles[:3]]
    (tmp_path / "articles.txt").write_text("\n".join(text.replace("\n", " ") for text in texts), encoding="utf-8")
    table = pyarrow.table({"text": texts})
    pyarrow.parquet.write_table(table, "articles.parquet")
    examples = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) >= 6
    known = {"texts": texts, "table": table}
    for example in examples:
        # explore() draws with a further package.
        exec(example.replace("frame.explore()", ""), known)
    assert (tmp_path / "map.html").stat().st_size > 100_000
    assert pyarrow.parquet.read_table("map.parquet").num_rows > 10
    assert len(known["frame"]) > 5 and isinstance(known["article"], mentionmap.ArticleMap)
    assert known["world"].lookup("Deir ez-Zor")
