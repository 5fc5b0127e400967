/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/raw_columns.h"

#include "text/display.h"

#include <math.h>

static const char *label_of(mtp_role role)
{
    static const struct {
        mtp_role role;
        const char *label;
    } labels[] = {
        {MTP_ROLE_EVENTS, "Events"},
        {MTP_ROLE_TIME, "Person-time"},
        {MTP_ROLE_MEAN, "Mean"},
        {MTP_ROLE_SD, "SD"},
        {MTP_ROLE_R2, "R^2"},
        {MTP_ROLE_PREDICTORS, "Predictors"},
        {MTP_ROLE_ITEMS, "Items"},
        {MTP_ROLE_AUC, "AUC"},
        {MTP_ROLE_SD_CHANGE, "SD of changes"},
        {MTP_ROLE_OE, "O - E"},
        {MTP_ROLE_VAR, "V"},
        {MTP_ROLE_CELL_A, "a"},
        {MTP_ROLE_CELL_B, "b"},
        {MTP_ROLE_CELL_C, "c"},
        {MTP_ROLE_CELL_D, "d"},
        {MTP_ROLE_EVENTS1, "Events 1"},
        {MTP_ROLE_EVENTS2, "Events 2"},
        {MTP_ROLE_N1, "n 1"},
        {MTP_ROLE_N2, "n 2"},
        {MTP_ROLE_MEAN1, "Mean 1"},
        {MTP_ROLE_MEAN2, "Mean 2"},
        {MTP_ROLE_SD1, "SD 1"},
        {MTP_ROLE_SD2, "SD 2"},
        {MTP_ROLE_TIME1, "Person-time 1"},
        {MTP_ROLE_TIME2, "Person-time 2"},
    };

    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (labels[i].role == role) {
            return labels[i].label;
        }
    }
    return mtp_role_id(role); /* n, r, alpha */
}

/* Counts of two groups, which read as "events / n" of each. */
static bool is_two_fractions(const mtp_bundle *bundle)
{
    return bundle->n_columns == 4 &&
           (bundle->measure->input == MTP_INPUT_TWO_EVENTS_N ||
            bundle->measure->input == MTP_INPUT_TWO_EVENTS_TIME);
}

/* Beside longer names there is no room for more than two numbers. */
enum { NAME_MOST = 16, NUMBERS_MOST = 2 };

static bool has_long_names(const mtp_bundle *bundle)
{
    for (size_t i = 0; i < bundle->n_studies; i++) {
        if (mtp_display_width(bundle->studies[i].name) > NAME_MOST) {
            return true;
        }
    }
    return false;
}

static bool has_own_table(const mtp_bundle *bundle)
{
    bool wide = bundle->n_columns > MTP_RAW_COLUMNS_MAX && !is_two_fractions(bundle);

    return wide || (bundle->n_columns > NUMBERS_MOST && has_long_names(bundle));
}

static mtp_doc_column column_of(const mtp_bundle *bundle, size_t r)
{
    mtp_role role = bundle->raw_role[r];

    return (mtp_doc_column){mtp_role_id(role), label_of(role), false, false};
}

enum { MOST_DECIMALS = 4 };

/* The decimals with which the figures of a column are exact; of one that has more than
 * fit, two, or four where figures are below 1. */
static int decimals_of(const mtp_bundle *bundle, size_t r)
{
    double unit = 1.0, largest = 0.0;
    int decimals = 0;

    for (size_t i = 0; i < bundle->n_studies; i++) {
        double x = fabs(bundle->studies[i].raw[r]);

        largest = fmax(largest, x);
        while (decimals <= MOST_DECIMALS &&
               fabs(x * unit - round(x * unit)) > 1e-9 * fmax(1.0, x * unit)) {
            decimals++;
            unit *= 10.0;
        }
    }
    return decimals <= MOST_DECIMALS ? decimals : largest < 1.0 ? MOST_DECIMALS : 2;
}

mtp_raw_view mtp_raw_view_of(const mtp_bundle *bundle)
{
    mtp_raw_view view = {.bundle = bundle, .own_table = has_own_table(bundle)};

    for (size_t r = 0; r < bundle->n_columns; r++) {
        bool count = mtp_role_adds_up(bundle->raw_role[r]);

        view.decimals[r] = count ? -1 : decimals_of(bundle, r);
    }
    return view;
}

static mtp_doc_cell cell_of(const mtp_raw_view *view, const mtp_study *study, size_t r)
{
    return view->decimals[r] < 0
               ? mtp_doc_cell_number(MTP_DOC_COUNT, study->raw[r])
               : mtp_doc_cell_pair(MTP_DOC_DECIMALS, study->raw[r], view->decimals[r]);
}

/* The columns, at most n_columns of the bundle; returns how many. */
static size_t add_columns(const mtp_bundle *bundle, mtp_doc_column column[])
{
    if (is_two_fractions(bundle)) {
        column[0] = (mtp_doc_column){"treated", "Treated", false, false};
        column[1] = (mtp_doc_column){"control", "Control", false, false};
        return 2;
    }
    for (size_t r = 0; r < bundle->n_columns; r++) {
        column[r] = column_of(bundle, r);
    }
    return bundle->n_columns;
}

/* The cells of these columns; returns the cell after them. */
static mtp_doc_cell *add_cells(const mtp_raw_view *view, const mtp_study *study,
                               mtp_doc_cell *cell)
{
    const double *raw = study->raw;

    if (is_two_fractions(view->bundle)) {
        *cell++ = mtp_doc_cell_pair(MTP_DOC_FRACTION, raw[0], raw[1]);
        *cell++ = mtp_doc_cell_pair(MTP_DOC_FRACTION, raw[2], raw[3]);
        return cell;
    }
    for (size_t r = 0; r < view->bundle->n_columns; r++) {
        *cell++ = cell_of(view, study, r);
    }
    return cell;
}

size_t mtp_raw_columns(const mtp_raw_view *view, mtp_doc_column column[])
{
    return view->own_table ? 0 : add_columns(view->bundle, column);
}

mtp_doc_cell *mtp_raw_cells(const mtp_raw_view *view, const mtp_study *study,
                            mtp_doc_cell *cell)
{
    return view->own_table ? cell : add_cells(view, study, cell);
}

/* What the numbers in the headers stand for. */
static const char *meaning_of(const mtp_bundle *bundle)
{
    switch (bundle->measure->input) {
    case MTP_INPUT_TWO_EVENTS_N:
        return "Treated and control: events/n.";
    case MTP_INPUT_TWO_EVENTS_TIME:
        return "Treated and control: events/person-time.";
    case MTP_INPUT_MEANS:
    case MTP_INPUT_SUPERIORITY:
        return "Group 1 is the treated one, group 2 the control.";
    case MTP_INPUT_PAIRED_CELLS:
        return "Pairs: a with both events, b with event 1 alone, c with event 2 alone, "
               "d with neither.";
    case MTP_INPUT_CHANGE:
        return "The same people at time 1 and at time 2.";
    case MTP_INPUT_PAIRED_MARGINS:
        return "The same pairs in group 1 and in group 2.";
    default:
        return NULL;
    }
}

const char *mtp_raw_meaning(const mtp_raw_view *view)
{
    return view->own_table ? NULL : meaning_of(view->bundle);
}

void mtp_raw_table(mtp_document *doc, const mtp_raw_view *view)
{
    const mtp_bundle *bundle = view->bundle;
    mtp_doc_column column[MTP_DOC_COLUMNS_MAX] = {{"study", "Study", true, true}};
    const char *meaning = meaning_of(bundle);

    if (!view->own_table) {
        return;
    }
    mtp_doc_heading(doc, "Data of the studies");
    if (meaning) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc, "%s", meaning);
    }
    mtp_doc_table(doc, 1 + add_columns(bundle, column + 1), column);
    for (size_t i = 0; i < bundle->n_studies; i++) {
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(bundle->studies[i].name);
        (void)add_cells(view, &bundle->studies[i], cell + 1);
    }
}
