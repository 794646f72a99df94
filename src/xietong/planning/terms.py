"""What the objective is made of, declared once: both the programme and its certificate read it.

Steps, in order; each keeps what the ones before it won:

    worst     max  min over basic needs of share          share = delivered / target
    tier      max  Σ weight · value · target · h(share)  /  Σ weight · value · target
    leisure   max  1 − (hours + strain + departure) / hours offered

`h` is the harmony of a need, h(s) = 3/2 s − 1/2 s²: concave, h(0) = 0, h(1) = 1, so that the first
half of a need counts more than the last tenth. It is taken smooth, or in ten straight segments,
which the simplex method needs. `strain` is the wear
of means run near their limit, `departure` the cost of changing a plan that is being carried out.

Sources: Cockshott and Cottrell 1993 (harmony); Ogryczak and Śliwiński 2006 (max-min, then sums).
"""

WORST = "worst"
LEISURE = "leisure"
# The last step once more, a hair from the corner, for prices that mean something (planner.py).
VALUATION = "valuation"

SMOOTH = "smooth"
SEGMENTED = "segments"

# h(s) = RISE · s − BEND / 2 · s²
RISE = 1.5
BEND = 1.0
SEGMENTS = 10
SHARES = tuple(k / SEGMENTS for k in range(SEGMENTS + 1))
HARMONY = tuple(RISE * s - BEND / 2 * s * s for s in SHARES)
SLOPES = tuple((HARMONY[k + 1] - HARMONY[k]) * SEGMENTS for k in range(SEGMENTS))

# Beyond nine tenths of its capacity a means wears faster and leaves no slack for repair.
STRAINED = 0.9
# There each unit costs this share of the labour that works with it: enough to prefer an idle
# means to a strained one, too little to prefer a technique that takes notably more labour.
STRAIN = 0.02
# A run more or less than in the plan under way costs this share of the labour of a run.
DEPARTURE = 0.01

# Gaps are relative to what can be reached, or to this share of the full, whichever is more.
SMALL = 1e-2

# A need counts as met from this share on.
MET = 1.0 - 1e-6
