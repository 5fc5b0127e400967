/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/rounded.h"

#include "core/number.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 4 };

/* Figures of a pooled set and where their ranges stand; those of a regression's model
 * too. */
static const struct {
    const char *end, *range;
} known[] = {
    {"common.estimate", "common_estimate"},
    {"common.ci_lower", "common_ci_lower"},
    {"common.ci_upper", "common_ci_upper"},
    {"common.p", "common_p"},
    {"common.back.estimate", "common_estimate.back"},
    {"common.back.ci_lower", "common_ci_lower.back"},
    {"common.back.ci_upper", "common_ci_upper.back"},
    {"random.estimate", "random_estimate"},
    {"random.ci_lower", "random_ci_lower"},
    {"random.ci_upper", "random_ci_upper"},
    {"random.p", "random_p"},
    {"random.pi_lower", "pi_lower"},
    {"random.pi_upper", "pi_upper"},
    {"random.back.estimate", "random_estimate.back"},
    {"random.back.ci_lower", "random_ci_lower.back"},
    {"random.back.ci_upper", "random_ci_upper.back"},
    {"random.back.pi_lower", "pi_lower.back"},
    {"random.back.pi_upper", "pi_upper.back"},
    {"heterogeneity.tau2", "tau2"},
    {"heterogeneity.I2", "I2"},
    {"heterogeneity.R2", "R2"},
    {"heterogeneity.Q", "Q"},
    {"heterogeneity.p", "Q_p"},
};

/* What has the same path in the block of ranges as outside it. */
static const char *const same[] = {"coefficients[",   "contrasts[", "terms[",
                                   "tests[",          "margins[",   "predictions[",
                                   "between_groups.", "omnibus."};

/* The path of a figure's range; NULL where it has none, or without memory. */
static const char *range_path(const char *quantity, mtp_arena *arena)
{
    size_t length = strlen(quantity);

    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        if (strncmp(quantity, same[i], strlen(same[i])) == 0) {
            return mtp_arena_printf(arena, "rounding.%s", quantity);
        }
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t end = strlen(known[i].end), before = length - end;

        if (end <= length && strcmp(quantity + before, known[i].end) == 0 &&
            (before == 0 || quantity[before - 1] == '.')) {
            return mtp_arena_printf(arena, "rounding.%.*s%s", (int)before, quantity,
                                    known[i].range);
        }
    }
    return NULL;
}

static double end_of(const mtp_tree *tree, const char *path, const char *end,
                     mtp_arena *arena)
{
    const char *whole = mtp_arena_printf(arena, "%s.%s", path, end);
    mtp_found found;

    return whole && mtp_tree_find(tree, whole, &found, NULL) == MTP_OK &&
                   found.kind == MTP_FOUND_NUMBER
               ? found.number
               : (double)NAN;
}

mtp_status mtp_verify_rounded(const mtp_claim *claim, const mtp_printed *printed,
                              const mtp_tree *tree, mtp_arena *arena, const char **note)
{
    const char *path = range_path(claim->quantity, arena), *text;
    double a, b, half = 0.5 * printed->unit;

    *note = NULL;
    if (!path || printed->bound) {
        return MTP_OK;
    }
    a = mtp_transformed(claim->transform, end_of(tree, path, "lower", arena));
    b = mtp_transformed(claim->transform, end_of(tree, path, "upper", arena));
    if (!(fmin(a, b) <= printed->value + half && fmax(a, b) >= printed->value - half) ||
        isnan(a) || isnan(b)) {
        return MTP_OK;
    }
    text = mtp_arena_printf(arena,
                            "within the rounding of the inputs, which allow %s to %s",
                            mtp_number_brief(fmin(a, b), DIGITS).text,
                            mtp_number_brief(fmax(a, b), DIGITS).text);
    *note = text;
    return text ? MTP_OK : MTP_E_NOMEM;
}
