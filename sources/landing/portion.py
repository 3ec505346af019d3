"""A portion of an import: some lines, checked, and said about the rows that they speak of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from database.erased import Erased
from sources.facts import (
    Answer,
    Attempt,
    Course,
    Enrolment,
    Fact,
    Line,
    Progress,
    Question,
    Quiz,
    Refusal,
    Run,
    Student,
    Video,
)
from sources.landing.checks import refusals, shown
from sources.landing.courses import MADE_UP_NAME, ACourse, ARun, Courses
from sources.landing.known import Known
from sources.landing.names import NAMED, Names
from sources.landing.occurrences import Repeats
from sources.landing.proposals import (
    REFERENCES,
    Ids,
    Proposal,
    Refused,
    proposal,
    said_of_course,
    said_of_run,
)
from sources.landing.relations import (
    ATTEMPTS,
    COURSES,
    ENROLMENTS,
    PROGRESS,
    QUESTIONS,
    QUIZZES,
    RELATIONS,
    RUNS,
    STUDENTS,
    VIDEOS,
    Key,
    Relation,
    Values,
)
from sources.landing.rows import NEW, UNDESCRIBED, Row, Rows, by_relation, impossible
from sources.landing.source import Counts

ERASED = "This person was erased."

# The place of the column that is the moment of landing if nobody says otherwise.
LANDED_AT = {STUDENTS: 2, VIDEOS: 9, QUIZZES: 4, ENROLMENTS: 0}


@dataclass
class Portion:
    """Lines as they were said: rows to write, what was refused, and the counts."""

    names: Names
    number: int
    moment: datetime
    known: Known
    repeats: Repeats
    rows: Rows = field(init=False)
    ids: Ids = field(init=False)
    people: Erased = field(init=False)
    taken: dict[tuple[UUID, UUID, int], UUID] = field(default_factory=dict)  # attempts by quiz, student and number
    counts: Counts = field(default_factory=Counts)
    refused: list[Refusal] = field(default_factory=list)
    external: dict[tuple[Relation, Key], str] = field(default_factory=dict)  # of rows that may have to be made
    replaced: list[tuple[UUID, UUID, datetime]] = field(default_factory=list)  # student, video, instant of progress

    def say(self, lines: Sequence[Line]) -> None:
        """Say what the lines do."""
        self.rows = Rows(self.number)
        self.counts.lines_read += len(lines)
        good = [line for line in lines if not self._is_refused(line.refusals or _broken(line))]
        good = self._named(good)
        said = [(line, proposals) for line in good if (proposals := self._proposed(line)) is not None]
        self._read(proposals for _, proposals in said)
        for line, proposals in said:
            self._said(line, proposals)

    def _is_refused(self, broken: Sequence[Refusal]) -> bool:
        if broken:
            self.counts.lines_refused += 1
            self.counts.refused_by_rule.update(one.rule for one in broken)
            self.refused += broken
        return bool(broken)

    def _named(self, lines: Sequence[Line]) -> list[Line]:
        """Give everything that lines name an id; refuse lines about people who were erased."""
        wanted: dict[str, dict[str, None]] = {kind: {} for kind in NAMED}
        needs_courses = False
        for line in lines:
            for fact in line.facts:
                for kind, name in REFERENCES[type(fact)]:
                    if (own := getattr(fact, name)) is not None:
                        wanted[kind][own] = None
                needs_courses = needs_courses or isinstance(fact, Course | Run | Enrolment | Video | Quiz)
        named = {kind: dict(self.known.named(kind, own_ids)) for kind, own_ids in wanted.items()}
        makes = any(own not in named[kind] for kind in ("video", "quiz") for own in wanted[kind])
        courses = self.known.courses() if needs_courses or makes else Courses(self.names)
        gone = self._made(wanted, named)
        self.ids = Ids(self.names, named, courses)
        return [line for line in lines if not self._is_refused(self._of_erased(line, gone))]

    def _made(self, wanted: dict[str, dict[str, None]], named: dict[str, dict[str, UUID]]) -> set[str]:
        """Ids for what is not known yet; returns the students who were erased."""
        self.people = self.known.erased()
        gone: set[str] = set()
        for kind, own_ids in wanted.items():
            for own in own_ids:
                if own not in named[kind]:
                    made, external = self.names.made(kind, own), self.names.external(own)
                    if kind == "student" and self.people.knows(external, str(made)):
                        gone.add(own)
                    named[kind][own] = made
                    self.external[NAMED[kind], (made,)] = external
        return gone

    def _of_erased(self, line: Line, gone: set[str]) -> list[Refusal]:
        for fact in line.facts:
            own = fact.id if isinstance(fact, Student) else getattr(fact, "student", None)
            email = fact.email if isinstance(fact, Student) else None
            if own in gone or self.people.knows_address(email):
                return [Refusal(line.number, "student", None, ERASED)]
        return []

    def _proposed(self, line: Line) -> list[tuple[Fact, Proposal]] | None:
        try:
            return [
                (fact, proposal(self.ids, fact, self.repeats.get((line.number, place), 1)))
                for place, fact in enumerate(line.facts)
            ]
        except Refused as refused:
            self._refuse(line, refused)
            return None

    def _refuse(self, line: Line, refused: Refused) -> None:
        self._is_refused([Refusal(line.number, refused.column, shown(refused.value), refused.rule)])

    def _read(self, said: Iterable[Sequence[tuple[Fact, Proposal]]]) -> None:
        """Read the rows that are spoken of or referred to, and the numbers of attempts that are taken."""
        proposals, numbers = [], []
        for of_line in said:
            for fact, proposed in of_line:
                proposals.append(proposed)
                if isinstance(fact, Attempt) and fact.number is not None:
                    numbers.append((*proposed.fixed, fact.number))
        keys = by_relation(proposals)
        for kind in ("question",):
            keys.setdefault(NAMED[kind], {}).update(((one,), None) for one in self.ids.named[kind].values())
        for one in proposals:
            if one.relation.name == "quiz_answers":
                keys.setdefault(ATTEMPTS, {})[one.key[:1]] = None
        self._read_courses(keys)
        for relation in RELATIONS:
            if relation in keys:
                for key, row in self.known.rows(relation, list(keys[relation])):
                    self.rows.add(relation, key, row)
        self.taken = self.known.taken_numbers(numbers) if numbers else {}

    def _read_courses(self, keys: dict[Relation, dict[Key, None]]) -> None:
        courses = self.ids.courses
        for relation, known in ((COURSES, courses.courses), (RUNS, courses.runs)):
            if taken := {(one.id,): None for one in known if one.is_taken}:
                keys.setdefault(relation, {}).update(taken)

    def _said(self, line: Line, proposals: Sequence[tuple[Fact, Proposal]]) -> None:
        try:
            for fact, proposed in proposals:
                self._check(fact, proposed)
        except Refused as refused:
            self._refuse(line, refused)
            return
        for fact, proposed in proposals:
            self._refer(fact, proposed)
            self._say(fact, proposed)

    def _check(self, fact: Fact, proposed: Proposal) -> None:
        """Raise Refused for what is possible in itself, but not with what is known."""
        row = self.rows.find(proposed.relation, proposed.key)
        if row and (rule := impossible(proposed.relation, proposed.relation.said(row.values, proposed.told))):
            raise Refused(type(fact).__name__.lower(), None, rule)
        if isinstance(fact, Question) and row and row.fixed[0] != proposed.fixed[0]:
            raise Refused("quiz", fact.quiz, "This question belongs to another quiz.")
        if isinstance(fact, Answer):
            question = self.rows.find(QUESTIONS, proposed.key[1:])
            if question and question.fixed[0] != self.ids.named["quiz"][fact.quiz]:
                raise Refused("quiz", fact.quiz, "This question belongs to another quiz.")
        if isinstance(fact, Attempt) and fact.number is not None:
            number = (*proposed.fixed, fact.number)
            if self.taken.setdefault(number, proposed.key[0]) != proposed.key[0]:
                raise Refused("number", fact.number, "Another attempt of this student at this quiz has this number.")

    def _say(self, fact: Fact, proposed: Proposal) -> None:
        row = self.rows.find(proposed.relation, proposed.key)
        before = row.values if row else None
        what = self.rows.say(proposed, self._unsaid(proposed.relation, proposed.key))
        if isinstance(fact, Course | Run) and self._is_taken(proposed):
            what = NEW
        getattr(self.counts, what)[type(fact).__name__.lower()] += 1
        if isinstance(fact, Progress) and before is not None:
            self._keep_replaced(proposed.key, (*before[:2], *proposed.told[:2]))
        if isinstance(fact, Course):
            self._need_runs(proposed.key[0])

    def _is_taken(self, proposed: Proposal) -> bool:
        """Whether this is the first word about a course or run that takes the place of one without a name."""
        known: Sequence[ACourse | ARun] = (
            self.ids.courses.courses if proposed.relation is COURSES else self.ids.courses.runs
        )
        one = next(one for one in known if one.id == proposed.key[0])
        is_taken, one.is_taken = one.is_taken, False
        return is_taken

    def _keep_replaced(self, key: Key, instants: Sequence[datetime]) -> None:
        values = self.rows.of[PROGRESS][key].values[:2]
        self.replaced += [(key[0], key[1], instant) for instant in dict.fromkeys(instants) if instant not in values]

    def _refer(self, fact: Fact, proposed: Proposal) -> None:
        """Make the rows that the fact refers to and nobody described."""
        kind = type(fact)
        for what, name in REFERENCES[kind]:
            if name != "id" and (own := getattr(fact, name)) is not None:
                self._need(what, own, fact)
        if isinstance(fact, Run | Enrolment | Video | Quiz) and fact.course is not None:
            self._need_course(self.ids.courses.course(fact.course))
        if isinstance(fact, Enrolment):
            self._need_run(next(run for run in self.ids.courses.runs if run.id == proposed.key[1]))
        if isinstance(fact, Answer):
            self._need_attempt(fact, proposed)

    def _need(self, kind: str, own: str, fact: Fact) -> None:
        relation, key = NAMED[kind], (self.ids.named[kind][own],)
        if (relation, key) in self.external and self.rows.find(relation, key) is None:
            fixed = (self.ids.named["quiz"][fact.quiz],) if isinstance(fact, Answer) and kind == "question" else ()
            self._make(relation, key, fixed)

    def _make(self, relation: Relation, key: Key, fixed: tuple[Any, ...] = ()) -> Row:
        row = Row(self._unsaid(relation, key), UNDESCRIBED, fixed, is_new=True)
        row.student_id = key[0] if relation is STUDENTS else None
        self.rows.add(relation, key, row)
        if relation is not RUNS:  # every course has one without a name
            self.counts.undescribed[relation.name] += 1
        return row

    def _need_course(self, course: ACourse) -> None:
        if course.is_new and self.rows.find(COURSES, (course.id,)) is None:
            self.external[COURSES, (course.id,)] = course.external_id
            self._make(COURSES, (course.id,), (course.number,))
            self._need_runs(course.id)
        elif course.is_taken:
            course.is_taken = False
            own = self.names.own(course.external_id)
            self.rows.say(said_of_course(course, Course(own, own)), COURSES.unsaid)

    def _need_runs(self, course_id: UUID) -> None:
        """A course has a run from the beginning."""
        for run in self.ids.courses.runs:
            if run.course_id == course_id and run.is_new:
                self._need_run(run)

    def _need_run(self, run: ARun) -> None:
        if run.is_new and self.rows.find(RUNS, (run.id,)) is None:
            self.external[RUNS, (run.id,)] = run.external_id
            self._make(RUNS, (run.id,), (run.course_id, run.number))
        elif run.is_taken:
            run.is_taken = False
            own = self.names.own(run.external_id)
            self.rows.say(said_of_run(run, Run(own, "", own)), RUNS.unsaid)

    def _need_attempt(self, fact: Answer, proposed: Proposal) -> None:
        key = proposed.key[:1]
        row = self.rows.find(ATTEMPTS, key)
        student_id = self.ids.named["student"][fact.student]
        if row is None:
            row = self._make(ATTEMPTS, key, (self.ids.named["quiz"][fact.quiz], student_id))
            row.values[0], row.student_id = fact.answered_at, student_id
        elif row.values[-1] and row.values[0] < fact.answered_at:
            row.values = [fact.answered_at, *row.values[1:]]

    def _unsaid(self, relation: Relation, key: Key) -> Values:
        """A row of which nothing was said: with its own id as its name."""
        values = list(relation.unsaid)
        external = self.external.get((relation, key))
        if relation in (COURSES, RUNS):
            values[0] = external
            values[1] = "" if MADE_UP_NAME.fullmatch(external or "") else self.names.own(external or "")
        elif external is not None:
            values[0] = self.names.own(external)
        if relation in LANDED_AT:
            values[LANDED_AT[relation]] = self.moment
        if relation is VIDEOS:
            values[1] = self.ids.courses.first()
        return values


def _broken(line: Line) -> list[Refusal]:
    return [refusal for fact in line.facts for refusal in refusals(line.number, fact)]
