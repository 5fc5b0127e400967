/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/design.h"

#include "core/strbuf.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Formulas: terms or an error. What was read is read again from its own names, and
 * makes a design of some numbers and texts, whose rows can be made one by one. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STUDIES = 7 };

static void require(int condition)
{
    if (!condition) {
        abort();
    }
}

/* Terms by name and place. SQL that has a comment in it may not stand in parentheses
 * again. */
static void check_names(const mtp_formula *f)
{
    mtp_strbuf b;
    mtp_formula *again = NULL;

    mtp_strbuf_init(&b);
    mtp_strbuf_add(&b, f->intercept ? "1" : "0");
    for (size_t t = 0; t < f->n_terms; t++) {
        const mtp_leaf *leaf = &f->leaf[f->term[t].leaf[0]];
        int alone = f->term[t].n_leaves == 1 && leaf->kind == MTP_LEAF_VALUE;
        size_t found = f->n_terms;

        require(mtp_formula_find_term(f, f->term[t].name, &found, NULL) == MTP_OK);
        require(found == t || strcmp(f->term[found].name, f->term[t].name) == 0);
        mtp_strbuf_printf(&b, alone ? " + (%s)" : " + %s", f->term[t].name);
    }
    require(!b.failed);
    if (!strstr(f->text, "--") && b.length <= MTP_FORMULA_BYTES) {
        require(mtp_formula_parse(b.text, &again, NULL) == MTP_OK);
        require(again->n_terms == f->n_terms && again->n_leaves == f->n_leaves);
        for (size_t t = 0; t < f->n_terms; t++) {
            require(again->term[t].n_leaves == f->term[t].n_leaves);
        }
    }
    mtp_formula_free(again);
    mtp_strbuf_free(&b);
}

static void check_rows(const mtp_design *d, const mtp_design_values values[])
{
    mtp_design_at at[MTP_FORMULA_LEAVES];
    double *row = calloc(d->p, sizeof *row);

    require(row != NULL && d->p > 0 && d->p <= STUDIES);
    for (size_t i = 0; i < STUDIES; i++) {
        for (size_t v = 0; v < d->formula->n_variables; v++) {
            at[v].kind = values[v].text ? MTP_AT_TEXT : MTP_AT_NUMBER;
            at[v].number = values[v].text ? 0.0 : values[v].number[i];
            at[v].text = values[v].text ? values[v].text[i] : NULL;
        }
        require(mtp_design_row(d, at, row, NULL) == MTP_OK);
        require(memcmp(row, d->x + i * d->p, d->p * sizeof *row) == 0);
    }
    free(row);
}

/* The first letter of a variable decides what is in it. */
static void check_design(const mtp_formula *f)
{
    static const char *const text[STUDIES] = {"a", "b", "a", "c", "c", "b", "a"};
    static const double number[3][STUDIES] = {
        {1, 2, 3, 4.5, 9, 2, -0.0},
        {1990, 1997, 2003, 2001, 2011, 2020, 2022},
        {0, 1, 1, 0, 0, 1, 0}};
    mtp_design_values values[MTP_FORMULA_LEAVES];
    mtp_design_options options;
    mtp_design *d = NULL;
    mtp_error err;

    for (size_t v = 0; v < f->n_variables; v++) {
        unsigned kind = (unsigned char)f->variable[v][0] % 4;

        values[v].text = kind == 0 ? text : NULL;
        values[v].number = kind == 0 ? NULL : number[kind - 1];
    }
    mtp_design_options_init(&options, sizeof options);
    options.drop = true;
    if (mtp_design_build(f, STUDIES, values, &options, &d, &err) == MTP_OK) {
        check_rows(d, values);
    } else {
        require(err.status != MTP_E_SYNTAX && err.message[0] != '\0');
    }
    mtp_design_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    mtp_formula *f = NULL;
    mtp_error err;
    mtp_status status;

    require(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    status = mtp_formula_parse(text, &f, &err);
    require((status == MTP_OK) == (f != NULL));
    require(status == MTP_OK || status == MTP_E_SYNTAX);
    if (f) {
        check_names(f);
        check_design(f);
    }
    mtp_formula_free(f);
    free(text);
    return 0;
}
