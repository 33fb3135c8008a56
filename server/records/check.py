"""Everything wrong with a pushed record: by its form, then by what only the server knows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from contracts import codes
from contracts.form_schema import Form, check_record, load_catalogue
from contracts.problems import FieldProblem
from server.records.pushed import Pushed
from server.records.references import Mention, References, mentions

_KINDS = {"station": codes.STATION_KINDS, "organisation": codes.ORGANISATION_KINDS}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the server knows: things visible to the author, and the counties served."""

    references: References
    counties: Collection[str]
    language: str


def form_problems(pushed: Pushed, today: date) -> list[FieldProblem]:
    """What the form version that the phone used says; an unknown version is one problem alone."""
    form = load_catalogue().get(pushed.form)
    if form is None or form["version"] != pushed.form_version:
        return [_stale_form(pushed, form)]
    return check_record(form, pushed.values, today)


def mentioned(pushed: Pushed) -> list[Mention]:
    """What the record names; its form must be known."""
    return list(mentions(load_catalogue()[pushed.form], pushed.values))


def reference_problems(pushed: Pushed, around: Surroundings) -> list[FieldProblem]:
    """Names of things that do not exist, are not this person's, or are of another kind."""
    return [
        problem for mention in mentioned(pushed) for problem in _mention_problems(mention, around)
    ]


def _stale_form(pushed: Pushed, form: Form | None) -> FieldProblem:
    if form is not None:
        return FieldProblem(
            "form_version", "stale_form", pushed.form_version, {"expected_version": form["version"]}
        )
    known = ", ".join(f"{known['name']} {known['version']}" for known in load_catalogue().values())
    given = f"{pushed.form} {pushed.form_version}"
    return FieldProblem("form", "stale_form", given, {"expected_version": known})


def _mention_problems(mention: Mention, around: Surroundings) -> Iterator[FieldProblem]:
    found = around.references.get((mention.sort, mention.id))
    if found is None or (mention.sort == "village" and mention.id[:6] not in around.counties):
        yield FieldProblem(mention.path, "not_known", mention.id)
    elif mention.kind is not None and found.kind != mention.kind:
        choices = _KINDS[mention.sort]
        expected = codes.code_label(choices, mention.kind, around.language)
        yield FieldProblem(
            mention.path, "wrong_kind", found.name(around.language), {"expected_kind": expected}
        )
