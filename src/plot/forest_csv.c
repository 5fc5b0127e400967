/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forest data as CSV (RFC 4180, lines ended by LF). */
#include "metapool/forest.h"

#include "core/csv_text.h"
#include "core/error.h"
#include "effects/columns.h"
#include "plot/forest_kind.h"

#include <assert.h>
#include <math.h>

/* A cell is empty where JSON has null. */
static void add_number(mtp_strbuf *out, double value)
{
    mtp_strbuf_add_char(out, ',');
    if (isfinite(value)) {
        mtp_strbuf_add_number(out, value);
    }
}

/* Whether raw data stand in a column that every figure has. */
static bool has_column(mtp_role role)
{
    return role == MTP_ROLE_EVENTS || role == MTP_ROLE_N || role == MTP_ROLE_TIME;
}

static void add_header(mtp_strbuf *out, const mtp_bundle *bundle)
{
    mtp_strbuf_add(out, "kind,group,study,events,n,estimate,ci_lower,ci_upper,"
                        "weight_common,weight_random");
    for (size_t r = 0; r < bundle->n_columns; r++) {
        char key[MTP_ROLE_KEY];

        if (!has_column(bundle->raw_role[r])) {
            mtp_strbuf_add_char(out, ',');
            mtp_strbuf_add(out, mtp_role_key(bundle->raw_role[r], key));
        }
    }
    mtp_strbuf_add_char(out, '\n');
}

static void add_row(mtp_strbuf *out, const mtp_forest_row *row,
                    const mtp_bundle *bundle)
{
    mtp_strbuf_add(out, mtp_forest_kind_name(row->kind));
    mtp_strbuf_add_char(out, ',');
    mtp_strbuf_add_csv(out, row->group);
    mtp_strbuf_add_char(out, ',');
    mtp_strbuf_add_csv(out, row->study);
    add_number(out, row->events);
    add_number(out, row->n);
    add_number(out, row->estimate);
    add_number(out, row->ci_lower);
    add_number(out, row->ci_upper);
    add_number(out, row->weight_common);
    add_number(out, row->weight_random);
    for (size_t r = 0; r < bundle->n_columns; r++) {
        if (!has_column(bundle->raw_role[r])) {
            add_number(out, row->raw ? row->raw[r] : (double)NAN);
        }
    }
    mtp_strbuf_add_char(out, '\n');
}

mtp_status mtp_forest_csv(const mtp_forest *forest, char **text, mtp_error *err)
{
    mtp_strbuf out;
    char *done;

    assert(forest && text);
    mtp_strbuf_init(&out);
    add_header(&out, forest->bundle);
    for (size_t i = 0; i < forest->n_rows; i++) {
        add_row(&out, &forest->row[i], forest->bundle);
    }
    done = mtp_strbuf_take(&out, NULL);
    if (!done) {
        return mtp_fail_nomem(err);
    }
    *text = done;
    return MTP_OK;
}
