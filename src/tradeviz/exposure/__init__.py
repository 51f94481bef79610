"""Exposure: imports, what part of them the deals cover, and four readings of the tariff rate.

The statutory headline, our effective rate, a published model and the rate charged answer different
questions; `waterfall` estimates what lies between the first, the second and the last, `wedges` names
what each part is. Imports and duties are today's vintage of the Census figures, shown from the day a
month was first published. Nothing here knows who bears a duty, nor what trade would have been without it.
"""

from tradeviz.caveats import wedges
from tradeviz.exposure.change import change_since_2024, months_compared, rate_change
from tradeviz.exposure.covered import covered_share, imports_and_rates
from tradeviz.exposure.goods import duty_bill, layers_touched, sections
from tradeviz.exposure.readings import effective_history, last_month_rates, rate_readings
from tradeviz.exposure.scenarios import RECORD, moving, own_orders, scenarios, struck_orders, supposed_orders
from tradeviz.exposure.trade import FIRST_MONTH, WEIGHTED, duties
from tradeviz.exposure.waterfall import STEPS, waterfall, waterfalls

__all__ = [
    "FIRST_MONTH",
    "RECORD",
    "STEPS",
    "WEIGHTED",
    "change_since_2024",
    "covered_share",
    "duties",
    "duty_bill",
    "effective_history",
    "imports_and_rates",
    "last_month_rates",
    "layers_touched",
    "months_compared",
    "moving",
    "own_orders",
    "rate_change",
    "rate_readings",
    "scenarios",
    "sections",
    "struck_orders",
    "supposed_orders",
    "waterfall",
    "waterfalls",
    "wedges",
]
