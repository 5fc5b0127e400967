/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/hint.h"

#include "core/number.h"
#include "core/strbuf.h"

#include <math.h>
#include <string.h>

/* Where a slip finds its figure. */
typedef enum slip_place {
    SAME_FIGURE,
    OTHER_SCALE, /* of the estimate or limit: natural, or of the analysis */
    OTHER_END,   /* of the interval */
    OTHER_MODEL, /* common, random */
} slip_place;

static const char groups[] = "the groups may be the other way round";

/* Of another figure MTP_TRANSFORM_NONE is the transform of the claim. */
static const struct slip {
    slip_place place;
    mtp_transform transform;
    const char *remark;
} slips[] = {
    {SAME_FIGURE, MTP_TRANSFORM_NONE, NULL},
    {SAME_FIGURE, MTP_TRANSFORM_PERCENT, NULL},
    {SAME_FIGURE, MTP_TRANSFORM_SHARE, NULL},
    {SAME_FIGURE, MTP_TRANSFORM_EXP, NULL},
    {SAME_FIGURE, MTP_TRANSFORM_LOG, NULL},
    {SAME_FIGURE, MTP_TRANSFORM_NEGATE, groups},
    {SAME_FIGURE, MTP_TRANSFORM_INVERT, groups},
    {SAME_FIGURE, MTP_TRANSFORM_ONE_MINUS, NULL},
    {SAME_FIGURE, MTP_TRANSFORM_SQRT, NULL},
    {SAME_FIGURE, MTP_TRANSFORM_SQUARE, NULL},
    {OTHER_SCALE, MTP_TRANSFORM_NONE, NULL},
    {OTHER_END, MTP_TRANSFORM_NONE, "the limits may have changed places"},
    {OTHER_END, MTP_TRANSFORM_NEGATE, groups},
    {OTHER_END, MTP_TRANSFORM_INVERT, groups},
    {OTHER_MODEL, MTP_TRANSFORM_NONE, "it may be of the other model"},
};

/* The last `from` of a path as `to`; false where there is none. */
static bool replace(const char *path, const char *from, const char *to, mtp_strbuf *out)
{
    const char *found = NULL;

    for (const char *at = strstr(path, from); at; at = strstr(at + 1, from)) {
        found = at;
    }
    if (found) {
        mtp_strbuf_add_bytes(out, path, (size_t)(found - path));
        mtp_strbuf_add(out, to);
        mtp_strbuf_add(out, found + strlen(from));
    }
    return found != NULL;
}

/* The path of the figure at another place; false where there is no such place. */
static bool vary(slip_place place, const char *path, mtp_strbuf *out)
{
    static const struct {
        slip_place place;
        const char *from, *to;
    } ways[] = {
        {OTHER_SCALE, ".back.", "."},
        {OTHER_SCALE, ".estimate", ".back.estimate"},
        {OTHER_SCALE, ".ci_", ".back.ci_"},
        {OTHER_SCALE, ".pi_", ".back.pi_"},
        {OTHER_END, "_lower", "_upper"},
        {OTHER_END, "_upper", "_lower"},
        {OTHER_END, "_ci[0]", "_ci[1]"},
        {OTHER_END, "_ci[1]", "_ci[0]"},
        {OTHER_MODEL, ".random.", ".common."},
        {OTHER_MODEL, ".common.", ".random."},
    };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (ways[i].place == place && replace(path, ways[i].from, ways[i].to, out)) {
            return true;
        }
    }
    return false;
}

/* Squares and roots are confused of standard errors and variances alone. */
static bool is_spread(const char *path)
{
    static const char *const keys[] = {"se", "vi", "tau", "tau2", "sigma", "sigma2"};
    const char *point = strrchr(path, '.');

    for (size_t i = 0; point && i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(point + 1, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_possible(const struct slip *slip, const mtp_claim *claim)
{
    bool power = slip->transform == MTP_TRANSFORM_SQRT ||
                 slip->transform == MTP_TRANSFORM_SQUARE;

    if (slip->place == SAME_FIGURE) {
        return slip->transform != claim->transform &&
               (!power || is_spread(claim->quantity));
    }
    return slip->transform == MTP_TRANSFORM_NONE ||
           claim->transform == MTP_TRANSFORM_NONE;
}

/* The figure at another place of the tree; NaN where there is none. */
static double figure_at(const mtp_tree *tree, const mtp_strbuf *path)
{
    mtp_found found;

    return !path->failed && mtp_tree_find(tree, path->text, &found, NULL) == MTP_OK &&
                   found.kind == MTP_FOUND_NUMBER
               ? found.number
               : (double)NAN;
}

static const char *say(const struct slip *slip, const mtp_claim *claim,
                       const char *path, double computed, mtp_arena *arena)
{
    mtp_transform transform = slip->transform;
    bool without = slip->place == SAME_FIGURE && transform == MTP_TRANSFORM_NONE;
    const char *id = mtp_transform_id(transform);
    mtp_strbuf out;
    char *text;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "would PASS");
    if (slip->place != SAME_FIGURE) {
        mtp_strbuf_printf(&out, " as %s", path);
    }
    if (without) {
        mtp_strbuf_printf(&out, " without transform: %s",
                          mtp_transform_id(claim->transform));
    } else if (transform != MTP_TRANSFORM_NONE) {
        mtp_strbuf_printf(&out, " with transform: %s", id);
    }
    mtp_strbuf_add(&out, " (");
    if (transform != MTP_TRANSFORM_NONE) {
        mtp_strbuf_printf(&out, "%s = ", mtp_transform_label(transform));
    }
    mtp_strbuf_printf(&out, "%s)", mtp_number_brief(computed, 6).text);
    if (slip->remark) {
        mtp_strbuf_printf(&out, ": %s", slip->remark);
    }
    text = out.failed ? NULL : mtp_arena_strdup(arena, out.text);
    mtp_strbuf_free(&out);
    return text;
}

/* With two digits or more, few figures fit by chance. */
static bool tells_something(const mtp_printed *printed)
{
    return !printed->bound && fabs(printed->value) >= 9.5 * printed->unit;
}

/* What is said of a slip that explains the claim; NULL: it does not. */
static mtp_status try_slip(const struct slip *slip, const mtp_claim *claim,
                           const mtp_printed *printed, double value,
                           const mtp_tree *tree, mtp_arena *arena, const char **hint)
{
    bool same = slip->place == SAME_FIGURE;
    mtp_transform transform = same || slip->transform != MTP_TRANSFORM_NONE
                                  ? slip->transform
                                  : claim->transform;
    bool holds = false, failed;
    double computed = (double)NAN;
    mtp_strbuf path;

    mtp_strbuf_init(&path);
    if (same || vary(slip->place, claim->quantity, &path)) {
        computed = mtp_transformed(transform, same ? value : figure_at(tree, &path));
        holds = isfinite(computed) && mtp_judge(printed, computed, claim->digits,
                                                claim->tolerance) == MTP_VERDICT_PASS;
    }
    if (holds) {
        *hint = say(slip, claim, path.text, computed, arena);
    }
    failed = path.failed || (holds && !*hint);
    mtp_strbuf_free(&path);
    return failed ? MTP_E_NOMEM : MTP_OK;
}

mtp_status mtp_verify_hint(const mtp_claim *claim, const mtp_printed *printed,
                           double value, const mtp_tree *tree, mtp_arena *arena,
                           const char **hint)
{
    mtp_status status = MTP_OK;

    *hint = NULL;
    if (!tells_something(printed)) {
        return MTP_OK;
    }
    for (size_t i = 0; !*hint && status == MTP_OK && i < sizeof slips / sizeof *slips;
         i++) {
        if (is_possible(&slips[i], claim)) {
            status = try_slip(&slips[i], claim, printed, value, tree, arena, hint);
        }
    }
    return status;
}
