/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/derive.h"

#include "core/error.h"
#include "core/number.h"

#include <math.h>
#include <stdio.h>

static bool applies(const mtp_rule *rule, mtp_measure measure)
{
    return !rule->applies || rule->applies(mtp_measure_get(measure));
}

bool mtp_can_derive(mtp_measure measure, mtp_role target, mtp_role source)
{
    size_t n;
    const mtp_rule *rule = mtp_rules(&n);

    for (size_t r = 0; r < n; r++) {
        if (rule[r].target != target || !applies(&rule[r], measure)) {
            continue;
        }
        for (size_t s = 0; s < rule[r].n_sources; s++) {
            if (rule[r].source[s] == source ||
                mtp_can_derive(measure, rule[r].source[s], source)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_given(const mtp_raw *raw, size_t i, mtp_role role)
{
    return raw->column[role] && !isnan(raw->column[role][i]);
}

bool mtp_has_value(mtp_measure measure, const mtp_raw *raw, size_t i, mtp_role role)
{
    size_t n;
    const mtp_rule *rule = mtp_rules(&n);

    if (is_given(raw, i, role)) {
        return true;
    }
    for (size_t r = 0; r < n; r++) {
        bool all = rule[r].target == role && applies(&rule[r], measure);

        for (size_t s = 0; all && s < rule[r].n_sources; s++) {
            all = mtp_has_value(measure, raw, i, rule[r].source[s]);
        }
        if (all) {
            return true;
        }
    }
    return false;
}

/* Whether study i needs a role: the measure reads it, or a rule that is due would. */
static bool is_wanted(mtp_measure measure, const mtp_raw *raw, size_t i, mtp_role role)
{
    size_t n;
    const mtp_rule *rule = mtp_rules(&n);

    if (mtp_family_reads(mtp_family_of(measure), role)) {
        return true;
    }
    for (size_t r = 0; r < n; r++) {
        for (size_t s = 0; s < rule[r].n_sources; s++) {
            if (rule[r].source[s] == role && applies(&rule[r], measure) &&
                !is_given(raw, i, rule[r].target) &&
                is_wanted(measure, raw, i, rule[r].target)) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a rule has its sources and lacks its target in study i. */
static bool is_due(const mtp_rule *rule, mtp_measure measure, const mtp_raw *raw,
                   size_t i)
{
    bool due =
        !is_given(raw, i, rule->target) && is_wanted(measure, raw, i, rule->target);

    for (size_t s = 0; due && s < rule->n_sources; s++) {
        due = is_given(raw, i, rule->source[s]);
    }
    return due;
}

/* The target's column, the work's own from now on. */
static double *own_column(mtp_effects_work *work, mtp_raw *raw, mtp_role role)
{
    double *own = MTP_ARENA_ARRAY(work->arena, raw->k, double);

    for (size_t i = 0; own && i < raw->k; i++) {
        own[i] = raw->column[role] ? raw->column[role][i] : (double)NAN;
    }
    raw->column[role] = own;
    return own;
}

static void note_rule(mtp_effects_work *work, const mtp_rule *rule, size_t used)
{
    char percent[MTP_NUMBER_TEXT], level[96] = "", part[96] = "";

    if (!rule->text) {
        return;
    }
    if (rule->level) {
        mtp_number_significant(100.0 * work->options->input_level, 6, percent,
                               sizeof percent);
        (void)snprintf(level, sizeof level, ", normal limits of level %s%%", percent);
    }
    if (used < work->raw->k) {
        (void)snprintf(part, sizeof part, ", in %zu of %zu studies", used,
                       work->raw->k);
    }
    mtp_note_add(&work->notes, rule->note, 0, "%s%s%s", rule->text, level, part);
}

static mtp_status apply(mtp_effects_work *work, const mtp_rule *rule, mtp_raw *raw,
                        mtp_error *err)
{
    double *target = NULL;
    size_t used = 0;

    for (size_t i = 0; i < raw->k; i++) {
        mtp_status status;

        if (!is_due(rule, work->options->measure, raw, i)) {
            continue;
        }
        status = rule->check ? rule->check(raw, i, err) : MTP_OK;
        if (status != MTP_OK) {
            return status;
        }
        target = target ? target : own_column(work, raw, rule->target);
        if (!target) {
            return mtp_fail_nomem(err);
        }
        target[i] = rule->value(work->options, raw, i);
        used++;
    }
    if (used > 0) {
        note_rule(work, rule, used);
    }
    /* Doubts follow the note, and need the target to be there. */
    for (size_t i = 0; used > 0 && rule->doubt && i < raw->k; i++) {
        if (is_given(raw, i, rule->source[0])) {
            rule->doubt(raw, i, &work->notes);
        }
    }
    return MTP_OK;
}

mtp_status mtp_derive_columns(mtp_effects_work *work, mtp_raw *raw, mtp_error *err)
{
    size_t n;
    const mtp_rule *rule = mtp_rules(&n);
    mtp_status status = MTP_OK;

    for (size_t r = 0; status == MTP_OK && r < n; r++) {
        if (applies(&rule[r], work->options->measure)) {
            status = apply(work, &rule[r], raw, err);
        }
    }
    return status;
}
