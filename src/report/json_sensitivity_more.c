/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All subsets, fragility and predicted effects. */
#include "report/json.h"
#include "report/sensitivity_view.h"
#include "report/view.h"

static json_t *mean(mtp_json *j, const mtp_gosh_mean *m)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_count(j, o, "n", (size_t)m->n);
    mtp_json_put_number(j, o, "estimate", m->estimate);
    mtp_json_put_number(j, o, "estimate_sd", m->estimate_sd);
    mtp_json_put_number(j, o, "tau2", m->tau2);
    mtp_json_put_number(j, o, "I2", m->I2);
    return o;
}

json_t *mtp_json_gosh(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_gosh_result *gosh = bundle->sensitivity->gosh;
    json_t *o, *studies;
    size_t outlier;

    if (!gosh) {
        return json_null();
    }
    o = mtp_json_object(j);
    studies = mtp_json_array(j);
    outlier = mtp_view_outlier(bundle);
    for (size_t i = 0; i < gosh->k; i++) {
        json_t *study = mtp_json_object(j);

        mtp_json_put_text(j, study, "study", bundle->studies[i].name);
        mtp_json_put(j, study, "with", mean(j, &gosh->with[i]));
        mtp_json_put(j, study, "without", mean(j, &gosh->without[i]));
        mtp_json_append(j, studies, study);
    }
    mtp_json_put_count(j, o, "n", (size_t)gosh->n);
    mtp_json_put(j, o, "sample", mtp_json_flag(j, gosh->sample));
    mtp_json_put_number(j, o, "seed",
                        gosh->sample ? (double)bundle->sensitivity->seed : MTP_NONE);
    mtp_json_put_text(j, o, "tau2_method", mtp_tau2_id(bundle->sensitivity->tau2));
    mtp_json_put(j, o, "all", mean(j, &gosh->all));
    mtp_json_put(j, o, "studies", studies);
    mtp_json_put_text(j, o, "outlier",
                      outlier < gosh->k ? bundle->studies[outlier].name : NULL);
    return o;
}

static json_t *subset(mtp_json *j, const mtp_subset_estimate *e)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_subset(j, o, e);
    return o;
}

static json_t *changes(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_fragility_result *f = bundle->sensitivity->fragility;
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < f->n_changes; i++) {
        const mtp_fragility_change *change = &f->change[i];
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "study", bundle->studies[change->study].name);
        mtp_json_put_number(j, o, "group", change->group);
        mtp_json_put_number(j, o, "by", change->by);
        mtp_json_put_number(j, o, "events", change->events);
        mtp_json_put_subset(j, o, &change->estimate);
        mtp_json_append(j, list, o);
    }
    return list;
}

json_t *mtp_json_fragility(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_fragility_result *f = bundle->sensitivity->fragility;
    json_t *o;

    if (!f) {
        return json_null();
    }
    o = mtp_json_object(j);
    mtp_json_put_text(j, o, "end", mtp_fragility_id(f->end));
    mtp_json_put(j, o, "significant", mtp_json_flag(j, f->significant));
    mtp_json_put(j, o, "upwards", mtp_json_flag(j, f->upwards));
    mtp_json_put_number(j, o, "index", f->index);
    mtp_json_put_number(j, o, "n", f->n);
    mtp_json_put_number(j, o, "events", f->events);
    mtp_json_put_number(j, o, "quotient", f->quotient);
    mtp_json_put_number(j, o, "event_quotient", f->event_quotient);
    mtp_json_put(j, o, "before", subset(j, &f->before));
    mtp_json_put(j, o, "after", subset(j, &f->after));
    mtp_json_put(j, o, "changes", changes(j, bundle));
    return o;
}

json_t *mtp_json_blup(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_blup_result *blup = bundle->sensitivity->blup;
    json_t *list;

    if (!blup) {
        return json_null();
    }
    list = mtp_json_array(j);
    for (size_t i = 0; i < blup->k; i++) {
        const mtp_blup *b = &blup->study[i];
        json_t *o = mtp_json_object(j), *back = mtp_json_object(j);

        mtp_json_put_text(j, o, "study", bundle->studies[i].name);
        mtp_json_put_number(j, o, "fitted", b->fitted);
        mtp_json_put_number(j, o, "shrinkage", b->shrinkage);
        mtp_json_put_number(j, o, "estimate", b->estimate);
        mtp_json_put_number(j, o, "se", b->se);
        mtp_json_put_number(j, o, "lower", b->lower);
        mtp_json_put_number(j, o, "upper", b->upper);
        mtp_json_put_number(j, o, "random", b->random);
        mtp_json_put_number(j, o, "random_se", b->random_se);
        mtp_json_put_number(j, o, "random_lower", b->random_lower);
        mtp_json_put_number(j, o, "random_upper", b->random_upper);
        mtp_json_put_number(j, back, "estimate", b->back.estimate);
        mtp_json_put_number(j, back, "lower", b->back.lower);
        mtp_json_put_number(j, back, "upper", b->back.upper);
        mtp_json_put(j, o, "back", back);
        mtp_json_append(j, list, o);
    }
    return list;
}
