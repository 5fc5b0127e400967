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

json_t *mtp_json_rounding(mtp_json *j, const mtp_rounding_analysis *rounding)
{
    const mtp_rounding_result *r;
    json_t *o, *groups;
    bool draws;

    if (!rounding) {
        return json_null();
    }
    r = rounding->result;
    o = mtp_json_object(j);
    groups = mtp_json_array(j);
    draws = r->options.way == MTP_ROUNDING_DRAWS;
    mtp_json_put_text(j, o, "way", mtp_rounding_way_id(r->options.way));
    mtp_json_put_number(j, o, "draws", draws ? (double)r->options.draws : MTP_NONE);
    mtp_json_put_number(j, o, "seed", (double)r->options.seed);
    mtp_json_put(j, o, "columns", columns(j, rounding));
    mtp_json_put_count(j, o, "inputs", r->n_inputs);
    mtp_json_put_count(j, o, "fits", r->fits);
    mtp_json_put_count(j, o, "fits_without_estimate", r->failed);
    mtp_json_put_count(j, o, "studies_clipped", r->n_clipped);
    mtp_json_put(j, o, "overall", set(j, &r->set[0]));
    for (size_t s = 1; s < r->n_sets; s++) {
        mtp_json_append(j, groups, set(j, &r->set[s]));
    }
    mtp_json_put(j, o, "groups", groups);
    return o;
}
