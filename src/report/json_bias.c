/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"
#include "report/view.h"

#include <math.h>

json_t *mtp_json_bias_natural(mtp_json *j, const mtp_bias_natural *back)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_number(j, o, "estimate", back->estimate);
    mtp_json_put_number(j, o, "ci_lower", back->ci_lower);
    mtp_json_put_number(j, o, "ci_upper", back->ci_upper);
    return o;
}

void mtp_json_put_coefficient(mtp_json *j, json_t *o, const mtp_coefficient *c)
{
    mtp_json_put_number(j, o, "estimate", c->estimate);
    mtp_json_put_number(j, o, "se", c->se);
    mtp_json_put_number(j, o, "statistic", c->statistic);
    mtp_json_put_number(j, o, "df", c->df);
    mtp_json_put_number(j, o, "p", c->p);
    mtp_json_put_number(j, o, "log_p", c->log_p);
    mtp_json_put_number(j, o, "ci_lower", c->ci_lower);
    mtp_json_put_number(j, o, "ci_upper", c->ci_upper);
}

/* The effect at predictor 0; null where that has no meaning. */
static json_t *limit(mtp_json *j, const mtp_bias_test *test)
{
    const mtp_coefficient *c = &test->result->limit;
    json_t *o;

    if (isnan(c->estimate)) {
        return json_null();
    }
    o = mtp_json_object(j);
    mtp_json_put_number(j, o, "estimate", c->estimate);
    mtp_json_put_number(j, o, "se", c->se);
    mtp_json_put_number(j, o, "ci_lower", c->ci_lower);
    mtp_json_put_number(j, o, "ci_upper", c->ci_upper);
    mtp_json_put(j, o, "back", mtp_json_bias_natural(j, &test->back));
    return o;
}

/* A test; without an answer all its figures are null. */
static json_t *test(mtp_json *j, const mtp_bias_test *t)
{
    static const mtp_asymmetry_result none = {.estimate = MTP_NONE,
                                              .se = MTP_NONE,
                                              .statistic = MTP_NONE,
                                              .df = MTP_NONE,
                                              .p = MTP_NONE,
                                              .log_p = MTP_NONE,
                                              .ci_lower = MTP_NONE,
                                              .ci_upper = MTP_NONE,
                                              .dispersion = MTP_NONE,
                                              .tau2 = MTP_NONE};
    const mtp_asymmetry_result *r = t->result ? t->result : &none;
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, "name", mtp_asymmetry_id(t->test));
    mtp_json_put_text(j, o, "label", mtp_asymmetry_label(t->test));
    mtp_json_put_text(j, o, "model",
                      t->result ? mtp_asymmetry_model_id(r->model) : NULL);
    mtp_json_put_text(j, o, "predictor", r->predictor);
    mtp_json_put_number(j, o, "k", t->result ? (double)r->k : MTP_NONE);
    mtp_json_put_number(j, o, "estimate", r->estimate);
    mtp_json_put_number(j, o, "se", r->se);
    mtp_json_put_number(j, o, "statistic", r->statistic);
    mtp_json_put_number(j, o, "df", r->df);
    mtp_json_put_number(j, o, "p", r->p);
    mtp_json_put_number(j, o, "log_p", r->log_p);
    mtp_json_put(j, o, "exact", t->result ? mtp_json_flag(j, r->exact) : json_null());
    mtp_json_put_number(j, o, "ci_lower", r->ci_lower);
    mtp_json_put_number(j, o, "ci_upper", r->ci_upper);
    mtp_json_put_number(j, o, "dispersion", r->dispersion);
    mtp_json_put_number(j, o, "tau2", r->tau2);
    mtp_json_put(j, o, "limit", t->result ? limit(j, t) : json_null());
    return o;
}

static json_t *tests(mtp_json *j, const mtp_bias_analysis *a)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < a->n_tests; i++) {
        mtp_json_append(j, list, test(j, &a->tests[i]));
    }
    return list;
}

static json_t *applicable(mtp_json *j, const mtp_bias_analysis *a)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < a->n_applicable; i++) {
        mtp_json_append(j, list, mtp_json_text(j, mtp_asymmetry_id(a->applicable[i])));
    }
    return list;
}

static json_t *estimates(mtp_json *j, const mtp_bias_analysis *a)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < a->n_estimates; i++) {
        const mtp_bias_estimate *e = &a->estimates[i];
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "name", e->id);
        mtp_json_put_text(j, o, "label", e->label);
        mtp_json_put_coefficient(j, o, &e->value);
        mtp_json_put(j, o, "back", mtp_json_bias_natural(j, &e->back));
        mtp_json_append(j, list, o);
    }
    return list;
}

void mtp_json_put_bias(mtp_json *j, json_t *root, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;

    mtp_json_put_count(j, root, "k", bundle->n_studies);
    mtp_json_put(j, root, "tests", tests(j, a));
    mtp_json_put(j, root, "applicable", applicable(j, a));
    mtp_json_put(j, root, "estimates", estimates(j, a));
    mtp_json_put_bias_means(j, root, bundle);
    mtp_json_put_bias_models(j, root, bundle);
}
