/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"
#include "report/view.h"

#include <math.h>

/* Null where nothing can be concluded. */
static json_t *conclusion(mtp_json *j, mtp_conclusion value)
{
    return mtp_json_text(j, value == MTP_CONCLUSION_NONE ? NULL
                                                         : mtp_conclusion_id(value));
}

/* Null where there is no conclusion to flip, or none to flip against. */
static json_t *flips(mtp_conclusion own, mtp_conclusion reference, bool value)
{
    return own == MTP_CONCLUSION_NONE || reference == MTP_CONCLUSION_NONE
               ? json_null()
               : json_boolean(value);
}

static json_t *predictions(mtp_json *j, const mtp_comparison *c,
                           const mtp_specification *row)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < row->n_predictions; i++) {
        const mtp_compared_prediction *p = &row->prediction[i];
        json_t *o = mtp_json_object(j), *back = mtp_json_object(j);

        mtp_json_put_text(j, o, "method", mtp_pi_id(p->made.method));
        mtp_json_put_number(j, o, "se", p->made.se);
        mtp_json_put_number(j, o, "df", p->made.df);
        mtp_json_put_number(j, o, "lower", p->made.lower);
        mtp_json_put_number(j, o, "upper", p->made.upper);
        mtp_json_put_number(j, back, "lower", p->back_lower);
        mtp_json_put_number(j, back, "upper", p->back_upper);
        mtp_json_put(j, o, "back", back);
        mtp_json_put(j, o, "conclusion", conclusion(j, p->conclusion));
        mtp_json_put(j, o, "flips", flips(p->conclusion, c->prediction, p->flips));
        mtp_json_append(j, list, o);
    }
    return list;
}

static void put_interval(mtp_json *j, json_t *o, const mtp_interval *interval)
{
    json_t *segments = mtp_json_array(j);

    mtp_json_put_number(j, o, "se", interval->se);
    mtp_json_put_number(j, o, "statistic", interval->statistic);
    mtp_json_put_number(j, o, "df", interval->df);
    mtp_json_put_number(j, o, "p", interval->p);
    mtp_json_put_number(j, o, "log_p", interval->log_p);
    mtp_json_put_number(j, o, "ci_lower", interval->lower);
    mtp_json_put_number(j, o, "ci_upper", interval->upper);
    mtp_json_put_number(j, o, "ci_about", interval->estimate);
    for (size_t i = 0; i < interval->n_segments; i++) {
        mtp_json_append(
            j, segments,
            mtp_json_pair(j, interval->segments[i][0], interval->segments[i][1]));
    }
    mtp_json_put(j, o, "segments", segments);
}

static json_t *row(mtp_json *j, const mtp_comparison *c, size_t i)
{
    const mtp_specification *r = &c->row[i];
    mtp_conclusion reference = c->row[c->reference].conclusion;
    json_t *o = mtp_json_object(j), *back = mtp_json_object(j);

    mtp_json_put_count(j, o, "id", i + 1);
    mtp_json_put_text(j, o, "method", mtp_method_id(r->method));
    mtp_json_put_text(j, o, "model", r->model);
    mtp_json_put_text(j, o, "tau2_method", mtp_tau2_id(r->tau2));
    mtp_json_put_text(j, o, "ci_method", mtp_ci_id(r->ci));
    mtp_json_put(j, o, "reference", json_boolean(i == c->reference));
    mtp_json_put_text(j, o, "reason", r->reason);
    mtp_json_put_number(j, o, "rank", r->rank > 0 ? (double)r->rank : MTP_NONE);
    mtp_json_put_number(j, o, "estimate", r->estimate);
    mtp_json_put_number(j, o, "null_value", r->null_value);
    put_interval(j, o, &r->interval);
    mtp_json_put_number(j, back, "estimate", r->back.estimate);
    mtp_json_put_number(j, back, "ci_lower", r->back.ci_lower);
    mtp_json_put_number(j, back, "ci_upper", r->back.ci_upper);
    mtp_json_put(j, o, "back", back);
    mtp_json_put_number(j, o, "tau2", r->tau2_value);
    mtp_json_put_number(j, o, "I2", r->I2);
    mtp_json_put_number(j, o, "Q", r->Q);
    mtp_json_put(j, o, "conclusion", conclusion(j, r->conclusion));
    mtp_json_put(j, o, "flips", flips(r->conclusion, reference, r->flips));
    mtp_json_put(j, o, "predictions", predictions(j, c, r));
    return o;
}

/* Null without a null value: then nothing is excluded and nothing flips. */
static void put_counts(mtp_json *j, json_t *o, const mtp_comparison *c,
                       const mtp_comparison_count *count)
{
    bool known = !isnan(c->null_value);

    mtp_json_put_count(j, o, "n", count->n);
    mtp_json_put_number(j, o, "excluding", known ? (double)count->excluding : MTP_NONE);
    mtp_json_put_number(j, o, "flipped", known ? (double)count->flipped : MTP_NONE);
}

static json_t *choice(mtp_json *j, const mtp_comparison *c, int which)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < c->choice[which].n; i++) {
        const mtp_choice_value *value = &c->choice[which].value[i];
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "value", value->id);
        put_counts(j, o, c, &value->count);
        mtp_json_append(j, list, o);
    }
    return list;
}

/* The id of a row; null where no analysis has an answer. */
static void put_place(mtp_json *j, json_t *o, const char *key, const mtp_comparison *c,
                      size_t at)
{
    mtp_json_put_number(j, o, key, at < c->n ? (double)(at + 1) : MTP_NONE);
}

static json_t *summary(mtp_json *j, const mtp_comparison *c)
{
    json_t *o = mtp_json_object(j), *predicted = mtp_json_object(j);
    json_t *choices = mtp_json_object(j);

    mtp_json_put_count(j, o, "analyses", c->n);
    put_counts(j, o, c, &c->intervals);
    put_counts(j, predicted, c, &c->predictions);
    mtp_json_put(j, predicted, "reference", conclusion(j, c->prediction));
    mtp_json_put(j, o, "predictions", predicted);
    put_place(j, o, "smallest", c, c->smallest);
    put_place(j, o, "largest", c, c->largest);
    put_place(j, o, "narrowest", c, c->narrowest);
    put_place(j, o, "widest", c, c->widest);
    for (int i = 0; i < MTP_CHOICE_COUNT; i++) {
        mtp_json_put(j, choices, mtp_choice_id((mtp_choice)i), choice(j, c, i));
    }
    mtp_json_put(j, o, "by", choices);
    return o;
}

void mtp_json_put_compare(mtp_json *j, json_t *root, const mtp_comparison *c)
{
    json_t *rows = mtp_json_array(j);

    mtp_json_put_count(j, root, "k", c->k);
    mtp_json_put_text(j, root, "sentence", c->sentence);
    mtp_json_put_number(j, root, "null_value", c->null_value);
    mtp_json_put_count(j, root, "reference", c->reference + 1);
    mtp_json_put(j, root, "summary", summary(j, c));
    for (size_t i = 0; i < c->n; i++) {
        mtp_json_append(j, rows, row(j, c, i));
    }
    mtp_json_put(j, root, "rows", rows);
}
