"""The desk: the pages of those who are signed in."""

from app.web.desk.blueprint import desk

__all__ = ["desk"]

from app.web.desk import account as _account  # noqa: F401 - it registers its pages
from app.web.desk import retention as _retention  # noqa: F401 - the same
from app.web.desk.callback import callback_by_hand as _callback_by_hand  # noqa: F401 - the same
from app.web.desk.callback import callbacks as _callbacks  # noqa: F401 - the same
from app.web.desk.case import case_follow_up as _case_follow_up  # noqa: F401 - the same
from app.web.desk.case import hand_over as _hand_over  # noqa: F401 - the same
from app.web.desk.case import pages as _case  # noqa: F401 - the same
from app.web.desk.export import exports as _exports  # noqa: F401 - the same
from app.web.desk.figures import pages as _figures  # noqa: F401 - the same
from app.web.desk.figures import staffing as _staffing  # noqa: F401 - the same
from app.web.desk.gathered import observation_edit as _observation_edit  # noqa: F401 - the same
from app.web.desk.gathered import observations as _observations  # noqa: F401 - the same
from app.web.desk.gathered import training as _training  # noqa: F401 - the same
from app.web.desk.gathered import training_edit as _training_edit  # noqa: F401 - the same
from app.web.desk.help import referral_edit as _referral_edit  # noqa: F401 - the same
from app.web.desk.help import referrals as _referrals  # noqa: F401 - the same
from app.web.desk.help import social_offices as _social_offices  # noqa: F401 - the same
from app.web.desk.lists import call_list as _call_list  # noqa: F401 - the same
from app.web.desk.lists import case_list as _case_list  # noqa: F401 - the same
from app.web.desk.lists import follow_up_list as _follow_up_list  # noqa: F401 - the same
from app.web.desk.lists import records as _records  # noqa: F401 - the same
from app.web.desk.lists import saved_views as _saved_views  # noqa: F401 - the same
from app.web.desk.record import by_hand as _by_hand  # noqa: F401 - the same
from app.web.desk.record import pages as _record  # noqa: F401 - the same
from app.web.desk.record import record_case as _record_case  # noqa: F401 - the same
from app.web.desk.record import record_script as _record_script  # noqa: F401 - the same
from app.web.desk.record import register as _register  # noqa: F401 - the same
from app.web.desk.record import release as _release  # noqa: F401 - the same
from app.web.desk.reports import pages as _reports  # noqa: F401 - the same
from app.web.desk.today import pages as _today  # noqa: F401 - the same
from app.web.desk.today import today_actions as _today_actions  # noqa: F401 - the same
from app.web.desk.trends import history as _history  # noqa: F401 - the same
from app.web.desk.trends import municipalities_reached as _municipalities_reached  # noqa: F401 - the same
from app.web.desk.trends import pages as _trends  # noqa: F401 - the same
from app.web.desk.trends import time_notes as _time_notes  # noqa: F401 - the same
