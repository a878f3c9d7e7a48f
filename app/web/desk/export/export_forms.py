"""The form of a file that is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.calendar_periods import Step
from app.domain.columns import Dataset
from app.domain.columns import Form as FileForm
from app.domain.lines import LineKey
from app.domain.trends import Period
from app.services.csv_rows import tidy
from app.services.export.export_log import LONGEST_PURPOSE
from app.services.export.exports import Wanted
from app.services.numbers.asked_period import EARLIEST, LONGEST_DAYS
from app.web.desk.access import actor
from app.web.desk.export.column_words import DATASETS
from app.web.setup import setup

if TYPE_CHECKING:
    from datetime import date

    from wtforms import Field

STEPS = {
    Step.DAY: lazy_gettext("Day"),
    Step.WEEK: lazy_gettext("Week"),
    Step.MONTH: lazy_gettext("Month"),
    Step.QUARTER: lazy_gettext("Quarter"),
    Step.YEAR: lazy_gettext("Year"),
}
FORMS = {
    FileForm.CSV: lazy_gettext("CSV, for any program"),
    FileForm.XLSX: lazy_gettext("Excel workbook (XLSX)"),
}
_CHOOSE = lazy_gettext("Choose one.")


class ExportForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """What, of which lines and days, as what kind of file, and what for."""

    what = RadioField(
        lazy_gettext("What"),
        choices=[SelectChoice(one.value, words) for one, words in DATASETS.items()],
        default=Dataset.CONSULTATIONS.value,
        validators=[InputRequired(_CHOOSE)],
    )
    lines = SelectMultipleField(
        lazy_gettext("Lines"),
        description=lazy_gettext("None chosen: all in your reach."),
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    first = DateField(lazy_gettext("First day"), [InputRequired(lazy_gettext("Give a day."))])
    last = DateField(lazy_gettext("Last day"), [InputRequired(lazy_gettext("Give a day."))])
    step = SelectField(
        lazy_gettext("Numbers for each"),
        choices=[SelectChoice(one.value, words) for one, words in STEPS.items()],
        default=Step.MONTH.value,
        description=lazy_gettext("Only for numbers by period. Exposed persons are told of whole months alone."),
    )
    form = RadioField(
        lazy_gettext("Kind of file"),
        choices=[SelectChoice(one.value, words) for one, words in FORMS.items()],
        default=FileForm.CSV.value,
        validators=[InputRequired(_CHOOSE)],
    )
    purpose = StringField(
        lazy_gettext("What it is for"),
        [DataRequired(lazy_gettext("Say what the file is for.")), Length(max=LONGEST_PURPOSE)],
        description=lazy_gettext("It is kept with the read log. Nobody's name or number, please."),
        filters=[lambda text: tidy(text or "")],
        render_kw={"autocomplete": "off", "maxlength": str(LONGEST_PURPOSE)},
    )

    def prepared(self) -> Self:
        """The form with the lines that can be chosen."""
        known = setup().policy.lines
        self.lines.choices = [SelectChoice(key, known[key].name) for key in sorted(actor().lines) if key in known]
        return self

    def validate_last(self, field: Field) -> None:
        """A period in its order, and no longer than anybody has records of."""
        if self.first.data is None or field.data is None:
            return
        first: date = self.first.data
        if field.data < first:
            raise ValidationError(gettext("Give the first day or a later one."))
        if (field.data - first).days >= LONGEST_DAYS or first.year < EARLIEST:
            raise ValidationError(gettext("That is too long a time: ten years at the most."))

    def wanted(self) -> Wanted:
        """What was filled in."""
        lines = frozenset(map(LineKey, self.lines.data)) or frozenset(actor().lines)
        period = Period(self.first.data, self.last.data)
        return Wanted(Dataset(self.what.data), lines, period, Step(self.step.data))
