/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forest data as CSV (RFC 4180, lines ended by LF). */
#include "metapool/forest.h"
#include "metapool/forest_look.h"

#include "core/csv_text.h"
#include "core/error.h"
#include "effects/columns.h"
#include "plot/forest_kind.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* A cell is empty where JSON has null. */
/* Whether raw data stand in a column that every figure has. */
static bool has_column(mtp_role role)
{
    return role == MTP_ROLE_EVENTS || role == MTP_ROLE_N || role == MTP_ROLE_TIME;
}

/* The columns of every figure. */
static const char *const own[] = {
    "kind",     "group",    "study",    "events",        "n",
    "estimate", "ci_lower", "ci_upper", "weight_common", "weight_random"};
enum { OWN = sizeof own / sizeof own[0] };

static bool is_own(const char *name)
{
    size_t i = 0;

    while (i < OWN && strcmp(own[i], name) != 0) {
        i++;
    }
    return i < OWN;
}

/* The columns of one row, or the header, one after the other. */
typedef struct writer {
    mtp_strbuf *out;
    const mtp_bundle *bundle;
    const mtp_forest_row *row; /* NULL: the header */
} writer;

static void add_figure(const writer *w, const char *name, double value)
{
    if (w->row) {
        mtp_strbuf_add_csv_number(w->out, value);
    } else {
        mtp_strbuf_add_char(w->out, ',');
        mtp_strbuf_add(w->out, name);
    }
}

/* What a study has and a summary has not; a column of the table whose name is taken has
 * another. */
static void add_text(const writer *w, const char *name, const char *text)
{
    mtp_strbuf_add_char(w->out, ',');
    if (w->row) {
        mtp_strbuf_add_csv(w->out, text);
    } else {
        mtp_strbuf_add(w->out, is_own(name) ? "column_" : "");
        mtp_strbuf_add_csv(w->out, name);
    }
}

static void add_raw(const writer *w)
{
    for (size_t r = 0; r < w->bundle->n_columns; r++) {
        char key[MTP_ROLE_KEY];

        if (!has_column(w->bundle->raw_role[r])) {
            add_figure(w, mtp_role_key(w->bundle->raw_role[r], key),
                       w->row && w->row->raw ? w->row->raw[r] : (double)NAN);
        }
    }
}

/* The cells of --left or --right that come from the table. */
static void add_side(const writer *w, const mtp_forest_side *side)
{
    for (size_t i = 0; i < side->n; i++) {
        const mtp_forest_shown *column = &side->column[i];

        if (column->shown == MTP_SHOWN_COLUMN) {
            add_text(w, column->name, w->row ? mtp_forest_cell(w->row, column) : NULL);
        }
    }
}

static void add_rob(const writer *w, const mtp_forest_look *look)
{
    for (size_t d = 0; d < look->n_rob; d++) {
        mtp_rob level = w->row ? mtp_forest_risk(w->row, &look->rob[d]) : MTP_ROB_NONE;

        add_text(w, look->rob[d].name,
                 level == MTP_ROB_NONE ? NULL : mtp_rob_id(level));
    }
}

/* What follows the columns that every figure has. */
static void add_others(const writer *w)
{
    const mtp_forest_look *look = w->bundle->look;

    add_raw(w);
    if (mtp_forest_fits(w->bundle)) {
        add_figure(w, "k", w->row ? w->row->k : (double)NAN);
        add_figure(w, "tau2", w->row ? w->row->tau2 : (double)NAN);
        add_figure(w, "I2", w->row ? w->row->I2 : (double)NAN);
    }
    if (look) {
        add_side(w, &look->left);
        add_side(w, &look->right);
        add_rob(w, look);
    }
    mtp_strbuf_add_char(w->out, '\n');
}

static void add_row(const writer *w)
{
    mtp_strbuf *out = w->out;
    const mtp_forest_row *row = w->row;

    mtp_strbuf_add(out, mtp_forest_kind_name(row->kind));
    mtp_strbuf_add_char(out, ',');
    mtp_strbuf_add_csv(out, row->group);
    mtp_strbuf_add_char(out, ',');
    mtp_strbuf_add_csv(out, row->study);
    mtp_strbuf_add_csv_number(out, row->events);
    mtp_strbuf_add_csv_number(out, row->n);
    mtp_strbuf_add_csv_number(out, row->estimate);
    mtp_strbuf_add_csv_number(out, row->ci_lower);
    mtp_strbuf_add_csv_number(out, row->ci_upper);
    mtp_strbuf_add_csv_number(out, row->weight_common);
    mtp_strbuf_add_csv_number(out, row->weight_random);
    add_others(w);
}

mtp_status mtp_forest_csv(const mtp_forest *forest, char **text, mtp_error *err)
{
    mtp_strbuf out;
    char *done;

    assert(forest && text);
    mtp_strbuf_init(&out);
    for (size_t i = 0; i < OWN; i++) {
        mtp_strbuf_add(&out, i > 0 ? "," : "");
        mtp_strbuf_add(&out, own[i]);
    }
    add_others(&(writer){&out, forest->bundle, NULL});
    for (size_t i = 0; i < forest->n_rows; i++) {
        add_row(&(writer){&out, forest->bundle, &forest->row[i]});
    }
    done = mtp_strbuf_take(&out, NULL);
    if (!done) {
        return mtp_fail_nomem(err);
    }
    *text = done;
    return MTP_OK;
}
