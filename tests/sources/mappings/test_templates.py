"""A template for each kind of fact, read by its own mapping."""

import csv
import io

import pytest

from rules.errors import InputError
from sources.facts import Student
from sources.mappings.fields import KINDS, fields_of
from sources.mappings.known import mapping_in_file, recognised, shipped_mappings
from sources.mappings.templates import template_csv, template_mapping
from tests.sources.mappings.mapped import compiled


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_template_is_recognised_and_read_without_its_example(kind) -> None:
    header, example = csv.reader(io.StringIO(template_csv(kind)))
    mapping, *_ = recognised(header, shipped_mappings().values())
    read = compiled(mapping, header)
    filled = [cell.replace("example-", "my-") for cell in example]

    assert mapping == template_mapping(kind)
    assert read.line([2, *example]).facts == ()
    line = read.line([3, *filled])
    assert line.refusals == ()
    assert isinstance(line.facts[0], KINDS[kind])
    assert all(value is not None for value in line.facts[0])


def test_columns_of_a_template_that_are_not_needed_can_be_missing() -> None:
    read = compiled(template_mapping("student"), ["name", "id"])
    assert read.line([2, "Ann", "001"]).facts == (Student("001", "Ann"),)


def test_every_kind_of_fact_has_fields_of_a_known_type() -> None:
    assert {field.type for kind in KINDS for field in fields_of(kind)} == {
        "id", "text", "whole number", "seconds", "percent", "share", "instant", "yes or no", "list", "choice",
    }  # fmt: skip


def test_a_mapping_is_read_from_toml_or_json(tmp_path) -> None:
    toml, json, broken = tmp_path / "m.toml", tmp_path / "m.json", tmp_path / "n.json"
    toml.write_text('name = "A"\nsource = "a"\n[[facts]]\nkind = "student"\nfields = { id = "Email" }\n')
    json.write_text('{"name": "A", "source": "a", "facts": [{"kind": "student", "fields": {"id": "Email"}}]}')
    broken.write_text("[" * 100_000)

    assert mapping_in_file(toml) == mapping_in_file(json)
    for path in (broken, tmp_path / "none.toml"):
        with pytest.raises(InputError, match="cannot be read"):
            mapping_in_file(path)
