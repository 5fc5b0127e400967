/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What small-study effects leave of the mean. */
#include "report/json.h"
#include "report/view.h"

#include <math.h>

static json_t *regression(mtp_json *j, const mtp_pet_peese_fit *fit,
                          const mtp_bias_natural *back)
{
    json_t *o = mtp_json_object(j), *slope = mtp_json_object(j);

    mtp_json_put_coefficient(j, o, &fit->estimate);
    mtp_json_put(j, o, "back", mtp_json_bias_natural(j, back));
    mtp_json_put_coefficient(j, slope, &fit->slope);
    mtp_json_put(j, o, "slope", slope);
    mtp_json_put_number(j, o, "dispersion", fit->dispersion);
    mtp_json_put_number(j, o, "tau2", fit->tau2);
    return o;
}

static json_t *pet_peese(mtp_json *j, const mtp_bias_pet_peese *p)
{
    static const mtp_coefficient none = {NULL,     MTP_NONE, MTP_NONE,
                                         MTP_NONE, MTP_NONE, MTP_NONE,
                                         MTP_NONE, MTP_NONE, MTP_NONE};
    static const mtp_bias_natural no_back = {MTP_NONE, MTP_NONE, MTP_NONE};
    const char *chosen;
    json_t *o;

    if (!p) {
        return json_null();
    }
    o = mtp_json_object(j);
    chosen = !p->conditional ? NULL : p->fit.peese_chosen ? "peese" : "pet";
    mtp_json_put_count(j, o, "k", p->fit.k);
    mtp_json_put_text(j, o, "model", mtp_asymmetry_model_id(p->fit.options.model));
    mtp_json_put_number(j, o, "alpha", p->fit.options.alpha);
    mtp_json_put_text(j, o, "chosen", chosen);
    mtp_json_put_coefficient(j, o, chosen ? &p->fit.estimate : &none);
    mtp_json_put(j, o, "back",
                 mtp_json_bias_natural(j, !chosen               ? &no_back
                                          : p->fit.peese_chosen ? &p->peese
                                                                : &p->pet));
    mtp_json_put(j, o, "pet", regression(j, &p->fit.pet, &p->pet));
    mtp_json_put(j, o, "peese", regression(j, &p->fit.peese, &p->peese));
    return o;
}

static json_t *filled(mtp_json *j, const mtp_bundle *bundle,
                      const mtp_trim_fill_result *t)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < t->k0; i++) {
        const mtp_study *mirrored = &bundle->studies[t->fill[i].study];
        json_t *o = mtp_json_object(j);

        mtp_json_put_number(j, o, "row", (double)mirrored->row);
        mtp_json_put_text(j, o, "study", mirrored->name);
        mtp_json_put_number(j, o, "yi", t->fill[i].yi);
        mtp_json_put_number(j, o, "vi", t->fill[i].vi);
        mtp_json_append(j, list, o);
    }
    return list;
}

/* The estimate is the random-effects mean of the observed and the filled studies. */
static json_t *trim_fill(mtp_json *j, const mtp_bundle *bundle,
                         const mtp_trim_fill_result *t)
{
    const mtp_pooled *p;
    json_t *o;

    if (!t) {
        return json_null();
    }
    o = mtp_json_object(j);
    p = &t->pooled->overall;
    mtp_json_put_text(j, o, "estimator", mtp_trim_fill_id(t->estimator));
    mtp_json_put_text(j, o, "side", mtp_side_id(t->side));
    mtp_json_put_number(j, o, "slope", t->slope);
    mtp_json_put_count(j, o, "k", t->k);
    mtp_json_put_count(j, o, "k0", t->k0);
    mtp_json_put_number(j, o, "k0_se", t->k0_se);
    mtp_json_put_number(j, o, "k0_p", t->k0_p);
    mtp_json_put_number(j, o, "center", t->center);
    mtp_json_put_estimate(j, o, &p->random);
    mtp_json_put_number(j, o, "Q", p->heterogeneity.Q);
    mtp_json_put_number(j, o, "Q_df", p->heterogeneity.df);
    mtp_json_put_number(j, o, "Q_p", p->heterogeneity.p);
    mtp_json_put_number(j, o, "tau2", p->heterogeneity.tau2);
    mtp_json_put_number(j, o, "tau2_se", p->heterogeneity.tau2_se);
    mtp_json_put_number(j, o, "I2", p->heterogeneity.I2);
    mtp_json_put_number(j, o, "H2", p->heterogeneity.H2);
    mtp_json_put(j, o, "filled", filled(j, bundle, t));
    return o;
}

static json_t *failsafe(mtp_json *j, const mtp_bias_failsafe *f)
{
    static const mtp_failsafe_result none = {
        .n = MTP_NONE,
        .estimate = MTP_NONE,
        .tau2 = MTP_NONE,
        .p = MTP_NONE,
        .log_p = MTP_NONE,
        .alpha = MTP_NONE,
        .target = MTP_NONE,
        .with_n = {MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE}};
    const mtp_failsafe_result *r = f->exists ? &f->result : &none;
    json_t *o = mtp_json_object(j), *with_n = mtp_json_object(j);

    mtp_json_put_text(j, o, "type", mtp_failsafe_id(f->type));
    mtp_json_put_text(j, o, "label", mtp_failsafe_label(f->type));
    mtp_json_put_number(j, o, "n", r->n);
    mtp_json_put_number(j, o, "p", r->p);
    mtp_json_put_number(j, o, "log_p", r->log_p);
    mtp_json_put_number(j, o, "estimate", r->estimate);
    mtp_json_put_number(j, o, "tau2", r->tau2);
    mtp_json_put_number(j, o, "alpha", r->alpha);
    mtp_json_put_number(j, o, "target", r->target);
    mtp_json_put_number(j, with_n, "estimate", r->with_n.estimate);
    mtp_json_put_number(j, with_n, "tau2", r->with_n.tau2);
    mtp_json_put_number(j, with_n, "p", r->with_n.p);
    mtp_json_put_number(j, with_n, "log_p", r->with_n.log_p);
    mtp_json_put(j, o, "with_n", with_n);
    return o;
}

static json_t *failsafes(mtp_json *j, const mtp_bias_analysis *a)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < a->n_failsafe; i++) {
        mtp_json_append(j, list, failsafe(j, &a->failsafe[i]));
    }
    return list;
}

static json_t *powers(mtp_json *j, const mtp_bundle *bundle, const mtp_excess_result *e)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < e->k; i++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_number(j, o, "row", (double)bundle->studies[i].row);
        mtp_json_put_text(j, o, "study", bundle->studies[i].name);
        mtp_json_put_number(j, o, "power", e->power[i]);
        mtp_json_put(j, o, "significant", mtp_json_flag(j, e->significant[i]));
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *excess(mtp_json *j, const mtp_bundle *bundle, const mtp_excess_result *e)
{
    json_t *o;

    if (!e) {
        return json_null();
    }
    o = mtp_json_object(j);
    mtp_json_put_text(j, o, "test", mtp_excess_test_id(e->options.test));
    mtp_json_put_count(j, o, "k", e->k);
    mtp_json_put_count(j, o, "observed", e->observed);
    mtp_json_put_number(j, o, "expected", e->expected);
    mtp_json_put_number(j, o, "ratio", e->ratio);
    mtp_json_put_number(j, o, "statistic", e->statistic);
    mtp_json_put_number(j, o, "p", e->p);
    mtp_json_put_number(j, o, "log_p", e->log_p);
    mtp_json_put_number(j, o, "theta", e->theta);
    mtp_json_put_number(j, o, "tau2", e->tau2);
    mtp_json_put_number(j, o, "null_value", e->options.null_value);
    mtp_json_put_number(j, o, "alpha", e->options.alpha);
    mtp_json_put(j, o, "studies", powers(j, bundle, e));
    return o;
}

void mtp_json_put_bias_means(mtp_json *j, json_t *root, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;

    mtp_json_put(j, root, "pet_peese", pet_peese(j, a->pet_peese));
    mtp_json_put(j, root, "trim_fill", trim_fill(j, bundle, a->trim_fill));
    mtp_json_put(j, root, "failsafe", failsafes(j, a));
    mtp_json_put(j, root, "excess", excess(j, bundle, a->excess));
}
