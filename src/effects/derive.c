/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/derive.h"

#include "core/error.h"
#include "core/number.h"
#include "effects/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool applies(const mtp_rule *rule, mtp_measure measure)
{
    return !rule->applies || rule->applies(rule, mtp_measure_get(measure));
}

bool mtp_can_derive(mtp_measure measure, mtp_role target, mtp_role source)
{
    const mtp_rule *rule;

    for (size_t r = 0; (rule = mtp_rule_get(r)) != NULL; r++) {
        if (rule->target != target || !applies(rule, measure)) {
            continue;
        }
        for (size_t s = 0; s < rule->n_sources; s++) {
            if (rule->source[s] == source ||
                mtp_can_derive(measure, rule->source[s], source)) {
                return true;
            }
        }
    }
    return false;
}

void mtp_derive_close(mtp_measure measure, bool reads[MTP_ROLE_COUNT])
{
    const mtp_rule *rule;
    bool more = true;

    while (more) {
        more = false;
        for (size_t r = 0; (rule = mtp_rule_get(r)) != NULL; r++) {
            for (size_t s = 0; reads[rule->target] && s < rule->n_sources; s++) {
                if (!reads[rule->source[s]] && applies(rule, measure)) {
                    reads[rule->source[s]] = more = true;
                }
            }
        }
    }
}

static bool is_given(const mtp_raw *raw, size_t i, mtp_role role)
{
    return raw->column[role] && !isnan(raw->column[role][i]);
}

bool mtp_has_value(mtp_measure measure, const mtp_raw *raw, size_t i, mtp_role role)
{
    const mtp_rule *rule;

    if (is_given(raw, i, role)) {
        return true;
    }
    for (size_t r = 0; (rule = mtp_rule_get(r)) != NULL; r++) {
        bool all = rule->target == role && applies(rule, measure) &&
                   !(rule->blocked && rule->blocked(raw, i));

        for (size_t s = 0; all && s < rule->n_sources; s++) {
            all = mtp_has_value(measure, raw, i, rule->source[s]);
        }
        if (all) {
            return true;
        }
    }
    return false;
}

/* Whether the measure itself reads a role in study i: a ready-made effect only where
 * there are no raw data to compute it from. */
static bool is_read(mtp_measure measure, const mtp_raw *raw, size_t i, mtp_role role)
{
    const mtp_family *family = mtp_family_of(measure);

    for (size_t r = 0; r < family->n_roles; r++) {
        if (family->role[r] == role) {
            return true;
        }
    }
    if (!family->ready || (role != MTP_ROLE_YI && role != MTP_ROLE_VI)) {
        return false;
    }
    for (size_t r = 0; r < family->n_roles; r++) {
        if (!mtp_has_value(measure, raw, i, family->role[r])) {
            return true;
        }
    }
    return false;
}

/* Whether study i needs a role: the measure reads it, or a rule that is due would. */
static bool is_wanted(mtp_measure measure, const mtp_raw *raw, size_t i, mtp_role role)
{
    const mtp_rule *rule;

    if (is_read(measure, raw, i, role)) {
        return true;
    }
    for (size_t r = 0; (rule = mtp_rule_get(r)) != NULL; r++) {
        for (size_t s = 0; s < rule->n_sources; s++) {
            if (rule->source[s] == role && applies(rule, measure) &&
                !is_given(raw, i, rule->target) &&
                is_wanted(measure, raw, i, rule->target)) {
                return true;
            }
        }
    }
    return false;
}

/* One pass over the rules: what was given, what was made of it, by which rules. */
typedef struct derivation {
    mtp_effects_work *work;
    mtp_raw *raw;
    mtp_raw given;
    size_t n_rules;
    unsigned char *used; /* [k * n_rules] 1 where a rule made a value; NULL: nowhere */
    mtp_error *err;
} derivation;

/* Whether a rule has its sources and lacks its target in study i. */
static bool is_due(const derivation *d, const mtp_rule *rule, size_t i)
{
    for (size_t s = 0; s < rule->n_sources; s++) {
        if (!is_given(d->raw, i, rule->source[s])) {
            return false;
        }
    }
    return !is_given(d->raw, i, rule->target) &&
           !(rule->blocked && rule->blocked(&d->given, i)) &&
           is_wanted(d->work->options->measure, d->raw, i, rule->target);
}

void mtp_derive_study(const mtp_effects_options *options, const mtp_raw *raw, size_t i,
                      double value[MTP_ROLE_COUNT], mtp_raw *one)
{
    mtp_effects_work work = {.options = options};
    derivation d = {.work = &work, .raw = one};
    const mtp_rule *rule;

    *one = d.given = (mtp_raw){.size = sizeof *one, .k = 1};
    for (size_t r = 0; r < MTP_ROLE_COUNT; r++) {
        d.given.column[r] = raw->column[r] ? raw->column[r] + i : NULL;
        value[r] = raw->column[r] ? raw->column[r][i] : (double)NAN;
        one->column[r] = &value[r];
    }
    for (size_t r = 0; (rule = mtp_rule_get(r)) != NULL; r++) {
        if (applies(rule, options->measure) && is_due(&d, rule, 0)) {
            value[rule->target] = rule->value(rule, options, one, 0);
        }
    }
}

/* The target's column, the work's own from now on. */
static double *own_column(const mtp_effects_work *work, mtp_raw *raw, mtp_role role)
{
    double *own = MTP_ARENA_ARRAY(work->arena, raw->k, double);

    for (size_t i = 0; own && i < raw->k; i++) {
        own[i] = raw->column[role] ? raw->column[role][i] : (double)NAN;
    }
    raw->column[role] = own;
    return own;
}

/* Remember that study i has stand-ins; false without memory. */
static bool mark_stand_in(mtp_effects_work *work, size_t k, size_t i)
{
    if (!work->stand_in) {
        work->stand_in = mtp_arena_zalloc(work->arena, k, 1);
    }
    if (work->stand_in) {
        work->stand_in[i] = 1;
    }
    return work->stand_in != NULL;
}

mtp_status mtp_forget_stand_ins(const mtp_effects_work *work, mtp_raw *raw,
                                mtp_error *err)
{
    const mtp_rule *rule;

    for (size_t r = 0; work->stand_in && (rule = mtp_rule_get(r)) != NULL; r++) {
        double *own = rule->stand_in && raw->column[rule->target]
                          ? own_column(work, raw, rule->target)
                          : NULL;

        if (rule->stand_in && raw->column[rule->target] != own) {
            return mtp_fail_nomem(err);
        }
        for (size_t i = 0; own && i < raw->k; i++) {
            own[i] = work->stand_in[i] ? (double)NAN : own[i];
        }
    }
    return MTP_OK;
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

static mtp_status apply(derivation *d, size_t r)
{
    const mtp_rule *rule = mtp_rule_get(r);
    double *target = NULL;
    size_t used = 0;

    for (size_t i = 0; i < d->raw->k; i++) {
        mtp_status status;

        if (!is_due(d, rule, i)) {
            continue;
        }
        status = rule->check ? rule->check(rule, d->raw, i, d->err) : MTP_OK;
        if (status != MTP_OK) {
            return status;
        }
        target = target ? target : own_column(d->work, d->raw, rule->target);
        d->used =
            d->used ? d->used : mtp_arena_zalloc(d->work->arena, d->raw->k, d->n_rules);
        if (!target || !d->used ||
            (rule->stand_in && !mark_stand_in(d->work, d->raw->k, i))) {
            return mtp_fail_nomem(d->err);
        }
        target[i] = rule->value(rule, d->work->options, d->raw, i);
        d->used[i * d->n_rules + r] = 1;
        used++;
    }
    if (used > 0) {
        note_rule(d->work, rule, used);
    }
    /* Doubts follow the note, and need the target to be there. */
    for (size_t i = 0; used > 0 && rule->doubt && i < d->raw->k; i++) {
        if (d->used[i * d->n_rules + r]) {
            rule->doubt(rule, d->raw, i, &d->work->notes);
        }
    }
    return MTP_OK;
}

/* "sei from ci-lower, ci-upper; vi from sei"; NULL where no rule was used. */
static mtp_status describe(const derivation *d, const unsigned char used[],
                           const char **origin)
{
    char *text = NULL;

    for (size_t r = 0; r < d->n_rules; r++) {
        const mtp_rule *rule = mtp_rule_get(r);
        /* Stand-ins together make the effect; the one with a text tells of all. */
        const char *target = rule->stand_in ? "yi" : mtp_role_id(rule->target);
        bool told = used[r] && (!rule->stand_in || rule->text);

        for (size_t s = 0; told && s < rule->n_sources; s++) {
            const char *source = mtp_role_id(rule->source[s]);

            text = s > 0 ? mtp_arena_printf(d->work->arena, "%s, %s", text, source)
                   : text
                       ? mtp_arena_printf(d->work->arena, "%s; %s from %s", text,
                                          target, source)
                       : mtp_arena_printf(d->work->arena, "%s from %s", target, source);
            if (!text) {
                return mtp_fail_nomem(d->err);
            }
        }
    }
    *origin = text;
    return MTP_OK;
}

/* What each study's effect is made of; studies alike share one text. */
static mtp_status describe_all(const derivation *d)
{
    size_t n = d->n_rules;
    mtp_status status = MTP_OK;

    for (size_t i = 0; d->used && status == MTP_OK && i < d->raw->k; i++) {
        const unsigned char *used = &d->used[i * n];

        if (i > 0 && memcmp(used, used - n, n) == 0) {
            d->work->origin[i] = d->work->origin[i - 1];
        } else {
            status = describe(d, used, &d->work->origin[i]);
        }
    }
    return status;
}

static size_t count_rules(void)
{
    size_t n = 0;

    while (mtp_rule_get(n)) {
        n++;
    }
    return n;
}

mtp_status mtp_derive_columns(mtp_effects_work *work, mtp_raw *raw, mtp_error *err)
{
    derivation d = {
        .work = work, .raw = raw, .given = *raw, .n_rules = count_rules(), .err = err};
    mtp_status status = MTP_OK;

    for (size_t r = 0; status == MTP_OK && r < d.n_rules; r++) {
        if (applies(mtp_rule_get(r), work->options->measure)) {
            status = apply(&d, r);
        }
    }
    return status == MTP_OK ? describe_all(&d) : status;
}
