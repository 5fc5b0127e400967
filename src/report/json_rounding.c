/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rounding of the inputs can do. */
#include "metapool/rounding.h"

#include "report/json.h"
#include "report/view.h"

static void put_range(mtp_json *j, json_t *o, const mtp_rounding_range *range)
{
    mtp_json_put_number(j, o, "value", range->value);
    mtp_json_put_number(j, o, "lower", range->lower);
    mtp_json_put_number(j, o, "median", range->median);
    mtp_json_put_number(j, o, "upper", range->upper);
}

static json_t *set(mtp_json *j, const mtp_rounding_set *s)
{
    json_t *o = mtp_json_object(j);

    if (s->name) {
        mtp_json_put_text(j, o, "level", s->name);
    }
    for (size_t f = 0; f < MTP_ROUNDED_COUNT; f++) {
        json_t *figure = mtp_json_object(j), *back = mtp_json_object(j);

        put_range(j, figure, &s->figure[f]);
        put_range(j, back, &s->back[f]);
        mtp_json_put(j, figure, "back", back);
        mtp_json_put(j, o, mtp_rounded_id((mtp_rounded)f), figure);
    }
    return o;
}

static json_t *columns(mtp_json *j, const mtp_rounding_analysis *rounding)
{
    json_t *list = mtp_json_array(j);

    for (size_t c = 0; c < rounding->n_columns; c++) {
        const mtp_rounding_column *column = &rounding->column[c];
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "option", mtp_role_id(column->role));
        mtp_json_put_text(j, o, "column", column->expression);
        mtp_json_put_number(j, o, "decimals",
                            column->exact ? MTP_NONE : (double)column->decimals);
        mtp_json_put(j, o, "exact", mtp_json_flag(j, column->exact));
        mtp_json_put(j, o, "stated", mtp_json_flag(j, column->stated));
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *range(mtp_json *j, const mtp_rounding_range *r)
{
    json_t *o = mtp_json_object(j);

    put_range(j, o, r);
    return o;
}

static json_t *test(mtp_json *j, const mtp_rounding_test *t)
{
    json_t *o = mtp_json_object(j);

    if (t->name) {
        mtp_json_put_text(j, o, "name", t->name);
    }
    mtp_json_put(j, o, "statistic", range(j, &t->statistic));
    mtp_json_put(j, o, "p", range(j, &t->p));
    return o;
}

static json_t *tests(mtp_json *j, size_t n, const mtp_rounding_test t[])
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < n; i++) {
        mtp_json_append(j, list, test(j, &t[i]));
    }
    return list;
}

static json_t *coefficients(mtp_json *j, size_t n, const mtp_rounding_coefficient c[])
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < n; i++) {
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "name", c[i].name);
        mtp_json_put(j, o, "estimate", range(j, &c[i].estimate));
        mtp_json_put(j, o, "se", range(j, &c[i].se));
        mtp_json_put(j, o, "ci_lower", range(j, &c[i].lower));
        mtp_json_put(j, o, "ci_upper", range(j, &c[i].upper));
        mtp_json_put(j, o, "statistic", range(j, &c[i].statistic));
        mtp_json_put(j, o, "p", range(j, &c[i].p));
        mtp_json_append(j, list, o);
    }
    return list;
}

static void put_pooling(mtp_json *j, json_t *o, const mtp_rounding_result *r)
{
    json_t *groups = mtp_json_array(j), *between = mtp_json_object(j);

    mtp_json_put(j, o, "overall", set(j, &r->set[0]));
    for (size_t s = 1; s < r->n_sets; s++) {
        mtp_json_append(j, groups, set(j, &r->set[s]));
    }
    mtp_json_put(j, o, "groups", groups);
    mtp_json_put(j, between, "common", test(j, &r->between.common));
    mtp_json_put(j, between, "random", test(j, &r->between.random));
    mtp_json_put(j, between, "within", test(j, &r->between.within));
    mtp_json_put(j, o, "between_groups", between);
}

static json_t *back(mtp_json *j, const mtp_rounding_prediction *p)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put(j, o, "estimate", range(j, &p->back.estimate));
    mtp_json_put(j, o, "ci_lower", range(j, &p->back.lower));
    mtp_json_put(j, o, "ci_upper", range(j, &p->back.upper));
    mtp_json_put(j, o, "pi_lower", range(j, &p->back.pi_lower));
    mtp_json_put(j, o, "pi_upper", range(j, &p->back.pi_upper));
    return o;
}

/* Of means that the rows tell, which are the only ones that were fitted; each known as
 * it is outside the block. */
static json_t *means(mtp_json *j, size_t n, const mtp_rounding_prediction p[],
                     const mtp_regression_mean mean[])
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < n; i++, mean++) {
        json_t *o = mtp_json_object(j);

        while (!mean->estimable) {
            mean++;
        }
        if (mean->factor) {
            mtp_json_put_text(j, o, "factor", mean->factor);
            mtp_json_put_text(j, o, "level", mean->level);
        } else {
            mtp_json_put_text(j, o, "at", mean->value.name);
        }
        mtp_json_put(j, o, "estimate", range(j, &p[i].estimate));
        mtp_json_put(j, o, "se", range(j, &p[i].se));
        mtp_json_put(j, o, "ci_lower", range(j, &p[i].lower));
        mtp_json_put(j, o, "ci_upper", range(j, &p[i].upper));
        mtp_json_put(j, o, "pi_lower", range(j, &p[i].pi_lower));
        mtp_json_put(j, o, "pi_upper", range(j, &p[i].pi_upper));
        mtp_json_put(j, o, "back", back(j, &p[i]));
        mtp_json_append(j, list, o);
    }
    return list;
}

static void put_regression(mtp_json *j, json_t *o, const mtp_rounding_regression *g,
                           const mtp_regression *regression)
{
    mtp_json_put(j, o, "coefficients",
                 coefficients(j, g->n_coefficients, g->coefficient));
    mtp_json_put(j, o, "contrasts", coefficients(j, g->n_contrasts, g->contrasts));
    mtp_json_put(j, o, "scale", coefficients(j, g->n_scale, g->scale));
    mtp_json_put(j, o, "omnibus", test(j, &g->omnibus));
    mtp_json_put(j, o, "scale_omnibus", test(j, &g->scale_omnibus));
    mtp_json_put(j, o, "terms", tests(j, g->n_terms, g->terms));
    mtp_json_put(j, o, "tests", tests(j, g->n_tests, g->tests));
    mtp_json_put(j, o, "margins",
                 means(j, g->n_margins, g->margins, regression->margins));
    mtp_json_put(j, o, "predictions",
                 means(j, g->n_predictions, g->predictions, regression->predictions));
    mtp_json_put(j, o, "tau2", range(j, &g->tau2));
    mtp_json_put(j, o, "I2", range(j, &g->I2));
    mtp_json_put(j, o, "R2", range(j, &g->R2));
    mtp_json_put(j, o, "Q", range(j, &g->Q));
    mtp_json_put(j, o, "Q_p", range(j, &g->Q_p));
}

json_t *mtp_json_rounding(mtp_json *j, const mtp_bundle *bundle)
{
    const mtp_rounding_analysis *rounding = bundle->rounding;
    const mtp_rounding_result *r;
    json_t *o;
    bool draws;

    if (!rounding) {
        return json_null();
    }
    r = rounding->result;
    o = mtp_json_object(j);
    draws = r->options.way == MTP_ROUNDING_DRAWS;
    mtp_json_put_text(j, o, "way", mtp_rounding_way_id(r->options.way));
    mtp_json_put_number(j, o, "draws", draws ? (double)r->options.draws : MTP_NONE);
    mtp_json_put_number(j, o, "seed", (double)r->options.seed);
    mtp_json_put(j, o, "columns", columns(j, rounding));
    mtp_json_put_count(j, o, "inputs", r->n_inputs);
    mtp_json_put_count(j, o, "fits", r->fits);
    mtp_json_put_count(j, o, "fits_without_estimate", r->failed);
    mtp_json_put_count(j, o, "studies_clipped", r->n_clipped);
    if (r->regression) {
        put_regression(j, o, r->regression, bundle->regression);
    } else {
        put_pooling(j, o, r);
    }
    return o;
}
