/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids and labels of the methods, and the default options. */
#include "metapool/pool.h"

#include <math.h>
#include <string.h>

typedef struct name_row {
    const char *id, *label;
} name_row;

#define NAME_ROW(name, id, label) [name] = {id, label},
static const name_row methods[MTP_METHOD_COUNT] = {MTP_METHOD_LIST(NAME_ROW)};
static const name_row estimators[MTP_TAU2_COUNT] = {MTP_TAU2_LIST(NAME_ROW)};
static const name_row intervals[MTP_CI_COUNT] = {MTP_CI_LIST(NAME_ROW)};
static const name_row predictions[MTP_PI_COUNT] = {MTP_PI_LIST(NAME_ROW)};
#undef NAME_ROW

/* Letters of the C locale, whatever the locale is. */
static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool same_word(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

static int find(const name_row rows[], int count, const char *id)
{
    for (int i = 0; i < count; i++) {
        if (same_word(rows[i].id, id)) {
            return i;
        }
    }
    return -1;
}

const char *mtp_method_id(mtp_method method)
{
    return methods[method].id;
}

const char *mtp_method_label(mtp_method method)
{
    return methods[method].label;
}

int mtp_method_from_id(const char *id)
{
    return find(methods, MTP_METHOD_COUNT, id);
}

const char *mtp_tau2_id(mtp_tau2_method method)
{
    return estimators[method].id;
}

const char *mtp_tau2_label(mtp_tau2_method method)
{
    return estimators[method].label;
}

int mtp_tau2_from_id(const char *id)
{
    return find(estimators, MTP_TAU2_COUNT, id);
}

const char *mtp_ci_id(mtp_ci_method method)
{
    return intervals[method].id;
}

const char *mtp_ci_label(mtp_ci_method method)
{
    return intervals[method].label;
}

int mtp_ci_from_id(const char *id)
{
    return find(intervals, MTP_CI_COUNT, id);
}

const char *mtp_pi_id(mtp_pi_method method)
{
    return predictions[method].id;
}

const char *mtp_pi_label(mtp_pi_method method)
{
    return predictions[method].label;
}

int mtp_pi_from_id(const char *id)
{
    return find(predictions, MTP_PI_COUNT, id);
}

void mtp_pool_options_init(mtp_pool_options *options, size_t size)
{
    mtp_pool_options defaults = {.size = size,
                                 .method = MTP_METHOD_INVERSE,
                                 .tau2 = MTP_TAU2_REML,
                                 .tau2_scope = MTP_TAU2_SEPARATE,
                                 .ci = MTP_CI_HKSJ,
                                 .predict = MTP_PI_AUTO,
                                 .level = 0.95,
                                 .null_value = (double)NAN,
                                 .ft_n = MTP_FT_HARMONIC,
                                 .threads = 1};

    memcpy(options, &defaults, size < sizeof defaults ? size : sizeof defaults);
}
