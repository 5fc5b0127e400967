/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `claims`: published figures, one by one. */
#include "audit/judge.h"
#include "audit/loader.h"
#include "core/number.h"
#include "report/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DIGITS 17.0

mtp_claim *mtp_loader_add_claim(mtp_loader *loader, mtp_claim_list *list,
                                mtp_place place)
{
    if (list->count == MTP_FILE_CLAIMS) {
        mtp_loader_complain(loader, place, "the file makes more than 100,000 claims");
        return NULL;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? 2 * list->capacity : 64;
        mtp_claim *larger =
            mtp_loader_check(loader, mtp_arena_resize(loader->arena, list->item,
                                                      capacity, sizeof *list->item));

        if (!larger) {
            return NULL;
        }
        list->item = larger;
        list->capacity = capacity;
    }
    list->item[list->count] = (mtp_claim){.place = place, .tolerance = (double)NAN};
    return &list->item[list->count++];
}

const mtp_file_analysis *mtp_loader_find_analysis(mtp_loader *loader, mtp_place place,
                                                  const char *name)
{
    const mtp_analysis_file *file = loader->file;
    const mtp_file_analysis *found = mtp_analysis_file_find(file, name);
    const char **names;

    if (found && found->is_template) {
        mtp_loader_complain(loader, place,
                            "analysis '%s' is a template, which is not run", name);
    }
    if (found) {
        return found->is_template ? NULL : found;
    }
    names = MTP_LOADER_ARRAY(loader, file->n_analyses + 1, const char *);
    for (size_t i = 0; names && i < file->n_analyses; i++) {
        names[i] = file->analyses[i].is_template ? "" : file->analyses[i].name;
    }
    if (names && file->n_analyses > 0) { /* else it was told */
        mtp_loader_complain(loader, place, "there is no analysis '%s'%s", name,
                            mtp_loader_suggest(loader, name, names));
    }
    return NULL;
}

void mtp_loader_check_quantity(mtp_loader *loader, mtp_place place, const char *path)
{
    mtp_error err;

    if (mtp_tree_check_path(path, &err) != MTP_OK) {
        mtp_loader_pass_on(loader, place, "", &err);
    }
}

static double number(mtp_loader *loader, const mtp_yaml *node, const char *name,
                     double low, double high, bool whole)
{
    double value;

    if (mtp_number_parse(node->text, strlen(node->text), &value) != MTP_NUMBER_OK ||
        !(value >= low && value <= high) || (whole && value != floor(value))) {
        mtp_loader_complain(loader, node->place, "'%s' is %s, not '%s'", name,
                            whole ? "a whole number from 1 to 17" : "a positive number",
                            node->text);
        return low;
    }
    return value;
}

void mtp_loader_judged(mtp_loader *loader, const mtp_claim_keys *keys, mtp_claim *claim)
{
    const mtp_yaml *by = keys->digits ? keys->digits : keys->tolerance;

    if (keys->transform) {
        int transform = mtp_transform_from_id(keys->transform->text);
        const char *names[MTP_TRANSFORM_COUNT + 1] = {NULL};

        for (int i = 0; i < MTP_TRANSFORM_COUNT; i++) {
            names[i] = mtp_transform_id((mtp_transform)i);
        }
        if (transform < 0) {
            mtp_loader_complain(
                loader, keys->transform->place, "unknown transform '%s'%s",
                keys->transform->text,
                mtp_loader_suggest(loader, keys->transform->text, names));
        } else {
            claim->transform = (mtp_transform)transform;
        }
    }
    if (keys->digits && keys->tolerance) {
        mtp_loader_complain(loader, keys->tolerance->place,
                            "a claim is judged by 'digits' or by 'tolerance', not by "
                            "both");
    } else if (keys->digits) {
        claim->digits =
            (int)number(loader, keys->digits, "digits", 1.0, MAX_DIGITS, true);
    } else if (keys->tolerance) {
        claim->tolerance =
            number(loader, keys->tolerance, "tolerance", 5e-324, 1e300, false);
    }
    if (by && !keys->reason) {
        mtp_loader_complain(loader, by->place,
                            "'%s' needs a 'reason': why the printed precision is not "
                            "what the figure is judged by",
                            keys->digits ? "digits" : "tolerance");
    }
    if (keys->reason && !by) {
        mtp_loader_complain(loader, keys->reason->place,
                            "'reason' goes with 'digits' or 'tolerance'");
    }
    claim->reason = mtp_loader_text(loader, keys->reason);
}

static void take_claim(mtp_loader *loader, const mtp_yaml *node, mtp_claim_list *list)
{
    mtp_claim_keys k;
    const mtp_key keys[] = {
        {"id", MTP_WANT_TEXT, false, &k.id},
        {"analysis", MTP_WANT_TEXT, true, &k.analysis},
        {"quantity", MTP_WANT_TEXT, true, &k.quantity},
        {"printed", MTP_WANT_TEXT, true, &k.printed},
        MTP_JUDGED_KEYS(k),
    };
    mtp_claim *claim = mtp_loader_add_claim(loader, list, node->place);
    mtp_printed printed;

    if (!claim ||
        !mtp_loader_keys(loader, node, "a claim", sizeof keys / sizeof *keys, keys)) {
        return;
    }
    if (k.quantity) {
        mtp_loader_check_quantity(loader, k.quantity->place, k.quantity->text);
    }
    claim->quantity = mtp_loader_text(loader, k.quantity);
    claim->printed = mtp_loader_text(loader, k.printed);
    if (claim->printed && !mtp_printed_read(claim->printed, &printed)) {
        mtp_loader_complain(loader, k.printed->place,
                            "'%s' is no printed figure: " MTP_PRINTED_FORM,
                            claim->printed);
    }
    claim->where = mtp_loader_text(loader, k.where);
    claim->expected = mtp_loader_text(loader, k.expected);
    mtp_loader_judged(loader, &k, claim);
    if (k.analysis) {
        claim->analysis =
            mtp_loader_find_analysis(loader, k.analysis->place, k.analysis->text);
    }
    claim->id = mtp_loader_text(loader, k.id);
    if (!claim->id && k.analysis && claim->quantity) {
        claim->id = mtp_loader_check(loader, mtp_arena_printf(loader->arena, "%s %s",
                                                              k.analysis->text,
                                                              claim->quantity));
    }
}

/* A mapping with `table` makes many claims; the others one each. */
static bool is_table(const mtp_yaml *node)
{
    if (node->kind == MTP_YAML_MAPPING) {
        for (const mtp_yaml *key = node->first; key; key = key->next->next) {
            if (strcmp(key->text, "table") == 0) {
                return true;
            }
        }
    }
    return false;
}

static void take_claim_table(mtp_loader *loader, const mtp_yaml *node,
                             mtp_claim_list *list)
{
    mtp_claim_keys k = {0};
    const mtp_key keys[] = {
        {"table", MTP_WANT_TEXT, true, &k.table},
        {"sha256", MTP_WANT_TEXT, false, &k.sha256},
        {"rows", MTP_WANT_TEXT, false, &k.rows},
        {"analysis", MTP_WANT_TEXT, false, &k.analysis},
        {"id", MTP_WANT_TEXT, false, &k.id},
        {"where", MTP_WANT_TEXT, false, &k.where},
        {"claims", MTP_WANT_SEQUENCE, true, &k.claims},
    };

    if (mtp_loader_keys(loader, node, "a table of claims", sizeof keys / sizeof *keys,
                        keys) &&
        k.table && k.claims) {
        mtp_loader_claim_table(loader, &k, list);
    }
}

static int compare_ids(const void *a, const void *b)
{
    const mtp_claim *x = *(const mtp_claim *const *)a,
                    *y = *(const mtp_claim *const *)b;
    int order = strcmp(x->id, y->id);

    return order != 0 ? order : x < y ? -1 : x > y;
}

static void check_ids(mtp_loader *loader, const mtp_claim_list *list)
{
    const mtp_claim **by_id = MTP_LOADER_ARRAY(loader, list->count, const mtp_claim *);
    size_t n = 0;

    for (size_t i = 0; by_id && i < list->count; i++) {
        if (list->item[i].id) {
            by_id[n++] = &list->item[i];
        }
    }
    if (n > 1) {
        qsort(by_id, n, sizeof *by_id, compare_ids);
    }
    for (size_t i = 1; i < n; i++) {
        if (strcmp(by_id[i - 1]->id, by_id[i]->id) == 0) {
            mtp_loader_complain(loader, by_id[i]->place,
                                "two claims have the id '%s'; the other one is that of "
                                "line %zu",
                                by_id[i]->id, by_id[i - 1]->place.line);
        }
    }
}

void mtp_loader_claims(mtp_loader *loader, const mtp_yaml *node)
{
    mtp_claim_list list = {0};

    for (const mtp_yaml *item = node->first; item; item = item->next) {
        if (is_table(item)) {
            take_claim_table(loader, item, &list);
        } else {
            take_claim(loader, item, &list);
        }
    }
    check_ids(loader, &list);
    loader->file->claims = list.item;
    loader->file->n_claims = list.count;
}
