/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forest data as CSV (RFC 4180, lines ended by LF). */
#include "metapool/forest.h"

#include "core/csv_text.h"
#include "core/error.h"
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

static void add_row(mtp_strbuf *out, const mtp_forest_row *row)
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
    mtp_strbuf_add_char(out, '\n');
}

mtp_status mtp_forest_csv(const mtp_forest *forest, char **text, mtp_error *err)
{
    mtp_strbuf out;
    char *done;

    assert(forest && text);
    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "kind,group,study,events,n,estimate,ci_lower,ci_upper,"
                         "weight_common,weight_random\n");
    for (size_t i = 0; i < forest->n_rows; i++) {
        add_row(&out, &forest->row[i]);
    }
    done = mtp_strbuf_take(&out, NULL);
    if (!done) {
        return mtp_fail_nomem(err);
    }
    *text = done;
    return MTP_OK;
}
