from pathlib import Path

import pytest

from pipeline import study
from pipeline.errors import StudyError

HEAD = 'name = "mine"\ntitle = "Mine"\nindex = "baclofen"\n'


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_every_bundled_study_can_be_loaded() -> None:
    assert {"baclofen", "semaglutide"} <= set(study.bundled())
    for name in study.bundled():
        assert study.load(name).name == name


def test_an_unknown_key_is_named_with_its_line_and_the_key_that_was_meant(tmp_path: Path) -> None:
    first = '[[source]]\nname = "a"\nkind = "reddit"\nsubreddits = ["x"]\n'
    second = '[[source]]\nname = "b"\nkind = "reddit"\nsubredits = ["x"]\n'
    with pytest.raises(StudyError, match=r'line 11: unknown key "subredits"\. Did you mean "subreddits"\?'):
        study.load(written(tmp_path, HEAD + first + second))


def test_an_unknown_key_at_the_top_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r'line 4: unknown key "comparator"\. Did you mean "comparators"\?'):
        study.load(written(tmp_path, HEAD + 'comparator = ["naltrexone"]\n'))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "x"\ntitle = "t"\n', 'the key "index" is missing'),
        (HEAD + "[dose_bands]\nbaclofen = [80, 30]\n", "rise"),
        (HEAD + '[[source]]\nname = "a"\nkind = "board"\n', 'needs "urls"'),
        (HEAD + '[[source]]\nname = "a"\nkind = "bord"\nurls = ["x"]\n', "board"),
        (HEAD + 'comparators = ["baclofen"]\n', "keep one"),
        ("name = ", "not valid TOML"),
    ],
)
def test_a_wrong_study_is_one_clear_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(StudyError) as caught:
        study.load(written(tmp_path, text))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    source = '[[source]]\nname = "a"\nkind = "file"\npaths = ["x.csv"]\n'
    with pytest.raises(StudyError, match="given twice"):
        study.load(written(tmp_path, HEAD + source + source))


def test_a_misspelt_study_name_is_told_the_near_one() -> None:
    with pytest.raises(StudyError, match="baclofen"):
        study.load("baclofne")


def test_a_source_that_is_not_there_is_told_those_that_are(tmp_path: Path) -> None:
    source = '[[source]]\nname = "files"\nkind = "file"\npaths = ["x.csv"]\n'
    with pytest.raises(StudyError, match="files"):
        study.load(written(tmp_path, HEAD + source)).source("file")
