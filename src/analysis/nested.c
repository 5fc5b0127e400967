/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nested levels: "district/school" as expressions, and their groups in the used rows.
 */
#include "analysis/ledger.h"
#include "analysis/run.h"
#include "analysis/split.h"
#include "core/error.h"

/* A column that has the whole text as its name is one level. */
static const char *const *split_levels(const mtp_run_context *run, const char *text,
                                       size_t *n)
{
    mtp_arena *arena = run->owner->arena;

    return mtp_table_find(run->table, text) ? mtp_split_lines(arena, text, n)
                                            : mtp_split(arena, text, '/', n);
}

mtp_status mtp_run_nested(mtp_run_context *run)
{
    mtp_settings *s = &run->settings;

    if (!s->nested) {
        return MTP_OK;
    }
    s->nested_level = split_levels(run, s->nested, &s->n_nested);
    if (!s->nested_level) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t l = 0; l < s->n_nested; l++) {
        if (s->nested_level[l][0] == '\0') {
            return mtp_fail(run->err, MTP_E_ARG,
                            "--nested %s: a level is empty; give columns or "
                            "expressions from the outermost, such as study/effect",
                            s->nested);
        }
    }
    return s->n_nested <= MTP_LEVELS_MAX
               ? MTP_OK
               : mtp_fail(run->err, MTP_E_ARG,
                          "--nested %s: %zu levels; there can be %d. A division stands "
                          "in parentheses",
                          s->nested, s->n_nested, (int)MTP_LEVELS_MAX);
}

mtp_status mtp_bind_nested(mtp_binder *b, const mtp_settings *s, mtp_labels labels[])
{
    mtp_status status = MTP_OK;

    for (size_t l = 0; l < s->n_nested && status == MTP_OK; l++) {
        status = mtp_bind_labels(b, s->nested_level[l], &labels[l]);
        if (status == MTP_OK) {
            status = mtp_exclude_unlabelled(b, &labels[l], "level_missing",
                                            s->nested_level[l]);
        }
    }
    return status;
}

mtp_status mtp_gather_nested(mtp_binder *b, const mtp_settings *s,
                             const mtp_labels labels[], mtp_binding *out)
{
    mtp_level *level = MTP_ARENA_ARRAY(b->arena, s->n_nested, mtp_level);
    const char *const **label =
        MTP_ARENA_ARRAY(b->arena, s->n_nested, const char *const *);

    if (!level || !label) {
        return mtp_fail_nomem(b->err);
    }
    for (size_t l = 0; l < s->n_nested; l++) {
        const char **of_each = MTP_ARENA_ARRAY(b->arena, out->k, const char *);
        const char *const *name;
        size_t n;
        mtp_status status = mtp_make_levels(b->arena, &labels[l], out->k, out->row, &n,
                                            &level[l].group, &name, b->err);

        if (status != MTP_OK || !of_each) {
            return status != MTP_OK ? status : mtp_fail_nomem(b->err);
        }
        for (size_t i = 0; i < out->k; i++) {
            of_each[i] = name[level[l].group[i]];
        }
        level[l].name = s->nested_level[l];
        label[l] = of_each;
    }
    out->n_nested = s->n_nested;
    out->nested = level;
    out->nested_label = label;
    return MTP_OK;
}
