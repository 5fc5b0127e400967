/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/version.h"

#include "core/json_text.h"
#include "effects/columns.h"
#include "report/json.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

/* 0 stands for none. */
static double row_or_none(size_t row)
{
    return row > 0 ? (double)row : MTP_NONE;
}

/* The values of a repeatable option. */
static json_t *list_value(mtp_json *j, const char *lines)
{
    json_t *list = mtp_json_array(j);

    for (const char *at = lines; at;) {
        size_t length = strcspn(at, "\n");

        mtp_json_append(j, list, json_stringn_nocheck(at, length));
        at = at[length] ? at + length + 1 : NULL;
    }
    return list;
}

static json_t *option_value(mtp_json *j, const mtp_effective_option *option)
{
    if (!option->value) {
        return mtp_json_text(j, NULL);
    }
    if (option->is_list) {
        return list_value(j, option->value);
    }
    if (option->is_flag) {
        return mtp_json_flag(j, strcmp(option->value, "true") == 0);
    }
    return option->is_number ? mtp_json_typed_number(j, option->value)
                             : mtp_json_text(j, option->value);
}

json_t *mtp_json_options(mtp_json *j, size_t n, const mtp_effective_option option[])
{
    json_t *o = mtp_json_object(j);

    for (size_t i = 0; i < n; i++) {
        mtp_json_put(j, o, option[i].name, option_value(j, &option[i]));
    }
    return o;
}

static json_t *excluded(mtp_json *j, const mtp_ledger *ledger)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < ledger->n_excluded; i++) {
        const mtp_excluded *row = &ledger->excluded[i];
        json_t *o = mtp_json_object(j);

        mtp_json_put_number(j, o, "row", row_or_none(row->row));
        mtp_json_put_number(j, o, "line", row_or_none(row->line));
        mtp_json_put_text(j, o, "study", row->study);
        mtp_json_put_text(j, o, "code", row->code);
        mtp_json_put_text(j, o, "reason", row->reason);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *data(mtp_json *j, const mtp_ledger *ledger)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, "source", ledger->source);
    mtp_json_put_text(j, o, "sha256", ledger->sha256);
    mtp_json_put_count(j, o, "rows", ledger->rows);
    mtp_json_put_count(j, o, "used", ledger->used);
    mtp_json_put_count(j, o, "filtered", ledger->filtered);
    mtp_json_put(j, o, "excluded", excluded(j, ledger));
    return o;
}

static json_t *measure(mtp_json *j, const mtp_measure_info *info)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, "code", info->code);
    mtp_json_put_text(j, o, "name", info->name);
    mtp_json_put_text(j, o, "scale", info->scale);
    mtp_json_put_text(j, o, "natural", info->natural);
    mtp_json_put_text(j, o, "inverse", info->inverse);
    mtp_json_put_number(j, o, "groups", info->groups);
    return o;
}

static void put_identity(mtp_json *j, json_t *o, const mtp_study *study)
{
    mtp_json_put_number(j, o, "row", row_or_none(study->row));
    mtp_json_put_text(j, o, "study", study->name);
}

static void put_raw(mtp_json *j, json_t *o, const mtp_bundle *bundle,
                    const mtp_study *study)
{
    json_t *raw = mtp_json_object(j);

    for (size_t r = 0; r < bundle->n_raw; r++) {
        char key[MTP_ROLE_KEY];

        mtp_json_put_number(j, raw, mtp_role_key(bundle->raw_role[r], key),
                            study->raw[r]);
    }
    mtp_json_put_number(j, o, "events", study->events);
    mtp_json_put_number(j, o, "n", study->n);
    mtp_json_put_number(j, o, "time", study->time);
    mtp_json_put(j, o, "corrected", json_boolean(study->corrected));
    mtp_json_put_text(j, o, "origin", study->origin);
    mtp_json_put(j, o, "raw", raw);
}

static json_t *effect(mtp_json *j, const mtp_bundle *bundle, const mtp_study *study)
{
    json_t *o = mtp_json_object(j);

    put_identity(j, o, study);
    mtp_json_put_number(j, o, "yi", study->yi);
    mtp_json_put_number(j, o, "vi", study->vi);
    mtp_json_put_number(j, o, "sei", study->sei);
    put_raw(j, o, bundle, study);
    return o;
}

static json_t *study(mtp_json *j, const mtp_bundle *bundle, const mtp_study *s)
{
    json_t *o = mtp_json_object(j);
    json_t *back = mtp_json_object(j), *observed = mtp_json_object(j);

    put_identity(j, o, s);
    mtp_json_put_text(j, o, "group", s->group);
    mtp_json_put_number(j, o, "yi", s->yi);
    mtp_json_put_number(j, o, "vi", s->vi);
    mtp_json_put_number(j, o, "sei", s->sei);
    mtp_json_put_number(j, o, "ci_lower", s->ci_lower);
    mtp_json_put_number(j, o, "ci_upper", s->ci_upper);
    mtp_json_put_number(j, o, "weight_common", s->weight_common);
    mtp_json_put_number(j, o, "weight_random", s->weight_random);
    mtp_json_put_number(j, back, "estimate", s->back.estimate);
    mtp_json_put_number(j, back, "ci_lower", s->back.ci_lower);
    mtp_json_put_number(j, back, "ci_upper", s->back.ci_upper);
    mtp_json_put(j, o, "back", back);
    mtp_json_put_number(j, observed, "estimate", s->observed.estimate);
    mtp_json_put_number(j, observed, "ci_lower", s->observed.ci_lower);
    mtp_json_put_number(j, observed, "ci_upper", s->observed.ci_upper);
    mtp_json_put_text(j, observed, "ci_method", s->observed.ci_method);
    mtp_json_put(j, o, "observed", observed);
    put_raw(j, o, bundle, s);
    return o;
}

static json_t *regressed(mtp_json *j, const mtp_bundle *bundle, const mtp_study *s)
{
    json_t *o = mtp_json_object(j);

    put_identity(j, o, s);
    mtp_json_put_number(j, o, "yi", s->yi);
    mtp_json_put_number(j, o, "vi", s->vi);
    mtp_json_put_number(j, o, "sei", s->sei);
    mtp_json_put_regress_study(j, o, bundle->regression->fit,
                               (size_t)(s - bundle->studies));
    put_raw(j, o, bundle, s);
    return o;
}

static json_t *studies(mtp_json *j, const mtp_bundle *bundle,
                       json_t *(*one)(mtp_json *, const mtp_bundle *,
                                      const mtp_study *))
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < bundle->n_studies; i++) {
        mtp_json_append(j, list, one(j, bundle, &bundle->studies[i]));
    }
    return list;
}

static json_t *profile_mean(mtp_json *j, const mtp_profile_mean *mean)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_number(j, o, "estimate", mean->estimate);
    mtp_json_put_number(j, o, "ci_lower", mean->ci_lower);
    mtp_json_put_number(j, o, "ci_upper", mean->ci_upper);
    return o;
}

/* Null without --profile. */
static json_t *profile(mtp_json *j, const mtp_profile *p)
{
    json_t *o, *differences;

    if (!p) {
        return json_null();
    }
    o = mtp_json_object(j);
    differences = mtp_json_array(j);
    for (size_t i = 0; i < p->n_differences; i++) {
        json_t *difference = mtp_json_object(j);

        mtp_json_put_text(j, difference, "option", p->differences[i].option);
        mtp_json_put_text(j, difference, "ours", p->differences[i].ours);
        mtp_json_put_text(j, difference, "theirs", p->differences[i].theirs);
        mtp_json_append(j, differences, difference);
    }
    mtp_json_put_text(j, o, "name", p->name);
    mtp_json_put_text(j, o, "program", p->program);
    mtp_json_put_text(j, o, "version", p->version);
    mtp_json_put_text(j, o, "source", p->source);
    mtp_json_put(j, o, "knows_measure", json_boolean(p->knows_measure));
    mtp_json_put_text(j, o, "not_reproduced", p->not_reproduced);
    mtp_json_put(j, o, "differences", differences);
    mtp_json_put(j, o, "ours", profile_mean(j, &p->ours));
    mtp_json_put(j, o, "theirs", profile_mean(j, &p->theirs));
    return o;
}

static void put_pool(mtp_json *j, json_t *root, const mtp_bundle *bundle)
{
    const mtp_pool_result *pool = bundle->pool;
    json_t *groups = mtp_json_array(j), *between = mtp_json_object(j);

    mtp_json_put(j, root, "studies", studies(j, bundle, study));
    mtp_json_put(j, root, "overall", mtp_json_pooled(j, NULL, &pool->overall));
    for (size_t i = 0; i < pool->n_groups; i++) {
        mtp_json_append(j, groups,
                        mtp_json_pooled(j, pool->group_name[i], &pool->groups[i]));
    }
    mtp_json_put(j, root, "groups", groups);
    mtp_json_put_text(j, between, "by", bundle->by);
    mtp_json_put(j, between, "common", mtp_json_test(j, &pool->between.common));
    mtp_json_put(j, between, "random", mtp_json_test(j, &pool->between.random));
    mtp_json_put(j, between, "within", mtp_json_test(j, &pool->between.within));
    mtp_json_put(j, root, "between_groups", between);
    mtp_json_put(
        j, root, "levels",
        mtp_json_levels(j, bundle, pool->overall.n_levels, pool->overall.levels));
    mtp_json_put(j, root, "profile", profile(j, bundle->profile));
    mtp_json_put(j, root, "rounding", mtp_json_rounding(j, bundle));
}

static json_t *note(mtp_json *j, const mtp_note *n)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, "code", mtp_note_id(n->code));
    mtp_json_put_text(j, o, "severity",
                      n->severity == MTP_WARNING ? "warning" : "info");
    mtp_json_put_number(j, o, "row", row_or_none(n->row));
    mtp_json_put_text(j, o, "text", n->text);
    return o;
}

/* Comes last: a number that was written as null because it is infinite needs a note. */
static json_t *notes(mtp_json *j, const mtp_notes *given)
{
    json_t *list = mtp_json_array(j);
    bool said = false;

    for (size_t i = 0; i < given->count; i++) {
        mtp_json_append(j, list, note(j, &given->item[i]));
        said = said || given->item[i].code == MTP_NOTE_UNBOUNDED;
    }
    if (j->unbounded && !said) {
        mtp_json_append(j, list, note(j, &mtp_json_unbounded_note));
    }
    return list;
}

static const char *schema(mtp_command command)
{
    switch (command) {
    case MTP_COMMAND_EFFECTS:
        return "metapool.effects/1";
    case MTP_COMMAND_COMPOSITION:
        return "metapool.composition/1";
    case MTP_COMMAND_REGRESS:
    case MTP_COMMAND_BUBBLE:
        return "metapool.regress/1";
    case MTP_COMMAND_BIAS:
        return "metapool.bias/1";
    case MTP_COMMAND_SENSITIVITY:
        return "metapool.sensitivity/1";
    case MTP_COMMAND_COMPARE:
        return "metapool.compare/1";
    default:
        return "metapool.pool/1";
    }
}

/* What the command found. */
static void put_result(mtp_json *j, json_t *root, const mtp_bundle *bundle)
{
    switch (bundle->command) {
    case MTP_COMMAND_EFFECTS:
        mtp_json_put(j, root, "effects", studies(j, bundle, effect));
        break;
    case MTP_COMMAND_COMPOSITION:
        mtp_json_put_composition(j, root, bundle->composition);
        break;
    case MTP_COMMAND_REGRESS:
    case MTP_COMMAND_BUBBLE:
        mtp_json_put(j, root, "studies", studies(j, bundle, regressed));
        mtp_json_put_regress(j, root, bundle);
        mtp_json_put(j, root, "rounding", mtp_json_rounding(j, bundle));
        break;
    case MTP_COMMAND_BIAS:
        mtp_json_put_bias(j, root, bundle);
        mtp_json_put(j, root, "studies", studies(j, bundle, effect));
        break;
    case MTP_COMMAND_SENSITIVITY:
        mtp_json_put_sensitivity(j, root, bundle);
        mtp_json_put(j, root, "studies", studies(j, bundle, study));
        break;
    case MTP_COMMAND_COMPARE:
        mtp_json_put_compare(j, root, bundle->comparison);
        break;
    default:
        put_pool(j, root, bundle);
        break;
    }
}

json_t *mtp_json_bundle(mtp_json *j, const mtp_bundle *bundle)
{
    json_t *root = mtp_json_object(j);

    mtp_json_put_text(j, root, "schema", schema(bundle->command));
    mtp_json_put_text(j, root, "metapool_version", mtp_version());
    mtp_json_put(j, root, "options",
                 mtp_json_options(j, bundle->n_options, bundle->options));
    mtp_json_put(j, root, "data", data(j, &bundle->ledger));
    if (bundle->measure) {
        mtp_json_put(j, root, "measure", measure(j, bundle->measure));
    }
    put_result(j, root, bundle);
    mtp_json_put(j, root, "notes", notes(j, &bundle->notes));
    return root;
}
