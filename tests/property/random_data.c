/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_data.h"

#include <math.h>
#include <string.h>

static const double TWO_PI = 6.283185307179586476925287;

const char *random_kind_text(random_kind kind)
{
    static const char *const text[] = {
#define RANDOM_TEXT(id, words) words,
        RANDOM_KINDS(RANDOM_TEXT)
#undef RANDOM_TEXT
    };

    return text[kind];
}

double random_normal(mtp_random *draw)
{
    double radius = sqrt(-2.0 * log(mtp_random_uniform(draw)));

    return radius * cos(TWO_PI * mtp_random_uniform(draw));
}

/* From 1 to 60 studies, half of the sets with at most 6. */
static size_t random_count(mtp_random *draw)
{
    bool small = mtp_random_below(draw, 2) == 0;

    return 1 + (size_t)mtp_random_below(draw, small ? 6 : STUDIES_MAX);
}

static double on_grid(double y)
{
    return ldexp(nearbyint(ldexp(y, 20)), -20);
}

static double random_variance(mtp_random *draw)
{
    return exp(-3.0 + 1.2 * random_normal(draw));
}

static void random_study(mtp_random *draw, random_set *set, size_t i)
{
    double v = random_variance(draw), z = random_normal(draw);
    double tau = 0.5, y;

    switch (set->kind) {
    case RANDOM_EQUAL:
        z = 0.0;
        break;
    case RANDOM_TIES:
        set->yi[i] = 0.25 * (double)mtp_random_below(draw, 4);
        set->vi[i] = mtp_random_below(draw, 2) == 0 ? 0.25 : 0.0625;
        return;
    case RANDOM_WIDE:
        set->vi[i] = pow(10.0, -8.0 + 16.0 * mtp_random_uniform(draw));
        set->yi[i] = z * sqrt(set->vi[i] + 0.1);
        return;
    case RANDOM_HETEROGENEOUS:
        tau = 100.0;
        break;
    default:
        break;
    }
    y = 0.3 + z * sqrt(v + tau * tau);
    set->yi[i] = on_grid(set->kind == RANDOM_FAR ? y + 1e6 : y);
    set->vi[i] = v;
}

void random_effects(size_t number, random_set *set)
{
    mtp_random draw = mtp_random_start(SEED, number);
    int shift = 0;

    set->number = number;
    set->kind = (random_kind)(number % RANDOM_KIND_COUNT);
    set->k = random_count(&draw);
    if (set->kind == RANDOM_TINY || set->kind == RANDOM_LARGE) {
        shift = set->kind == RANDOM_TINY ? -200 : 200;
    }
    for (size_t i = 0; i < set->k; i++) {
        random_study(&draw, set, i);
        set->yi[i] = ldexp(set->yi[i], shift);
        set->vi[i] = ldexp(set->vi[i], 2 * shift);
    }
    if (set->kind == RANDOM_DOMINANT) {
        set->vi[0] *= 1e-12;
    }
}

/* Counts of one group: often empty or full, sometimes with nobody in it. */
static double random_size(mtp_random *draw)
{
    static const double size[] = {1.0, 2.0, 10.0, 40.0, 250.0, 88391.0};

    return size[mtp_random_below(draw, sizeof size / sizeof size[0])];
}

static double random_events(mtp_random *draw, double n)
{
    switch (mtp_random_below(draw, 5)) {
    case 0:
        return 0.0;
    case 1:
        return n;
    default:
        return (double)mtp_random_below(draw, (uint64_t)n + 1);
    }
}

static double random_positive(mtp_random *draw)
{
    return exp(2.0 * random_normal(draw));
}

/* Each value by itself; what must agree with another one is set afterwards. */
static double random_value(mtp_random *draw, mtp_role role)
{
    switch (role) {
    case MTP_ROLE_CELL_A:
    case MTP_ROLE_CELL_B:
    case MTP_ROLE_CELL_C:
    case MTP_ROLE_CELL_D:
        return (double)mtp_random_below(draw, 5);
    case MTP_ROLE_N:
    case MTP_ROLE_N1:
    case MTP_ROLE_N2:
        return random_size(draw);
    case MTP_ROLE_R:
        return mtp_random_below(draw, 8) == 0 ? (double)mtp_random_below(draw, 3) - 1.0
                                              : 2.0 * mtp_random_uniform(draw) - 1.0;
    case MTP_ROLE_R2:
    case MTP_ROLE_P:
        return mtp_random_uniform(draw);
    case MTP_ROLE_ALPHA:
        return 1.0 - random_positive(draw);
    case MTP_ROLE_PREDICTORS:
    case MTP_ROLE_ITEMS:
        return (double)(1 + mtp_random_below(draw, 6));
    case MTP_ROLE_MEAN:
    case MTP_ROLE_MEAN1:
    case MTP_ROLE_MEAN2:
    case MTP_ROLE_OE:
    case MTP_ROLE_YI:
    case MTP_ROLE_STAT:
        return random_normal(draw);
    default:
        return random_positive(draw);
    }
}

void random_columns(size_t number, size_t *k,
                    double column[MTP_ROLE_COUNT][STUDIES_MAX])
{
    static const struct {
        mtp_role events, n;
    } arm[] = {{MTP_ROLE_EVENTS, MTP_ROLE_N},
               {MTP_ROLE_EVENTS1, MTP_ROLE_N1},
               {MTP_ROLE_EVENTS2, MTP_ROLE_N2}};
    mtp_random draw = mtp_random_start(SEED, number);

    *k = random_count(&draw);
    for (size_t i = 0; i < *k; i++) {
        for (int r = 0; r < MTP_ROLE_COUNT; r++) {
            column[r][i] = random_value(&draw, (mtp_role)r);
        }
        for (size_t a = 0; a < sizeof arm / sizeof arm[0]; a++) {
            column[arm[a].events][i] = random_events(&draw, column[arm[a].n][i]);
        }
    }
}
