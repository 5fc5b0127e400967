/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/choices.h"

#include "core/error.h"

#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 32, KNOWN_TEXT = 256 };

static mtp_status unknown(mtp_option_index option, const char *name, size_t length,
                          mtp_error *err)
{
    const mtp_option_info *info = mtp_option_get(option);
    char known[KNOWN_TEXT];
    size_t n = 0;

    for (const char *at = info->choices; at[0] && at[1] && n + 3 < sizeof known; at++) {
        known[n++] = *at == '|' ? ',' : *at;
        if (*at == '|') {
            known[n++] = ' ';
        }
    }
    known[n] = '\0';
    return mtp_fail(err, MTP_E_ARG, "--%s %.*s: not known; give one or more of %s",
                    info->name, (int)length, name, known);
}

static void add_choice(mtp_choices *list, int item)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->item[i] == item) {
            return;
        }
    }
    list->item[list->n++] = item;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

void mtp_choices_add_line(char list[MTP_BIAS_LIST_TEXT], const char *name)
{
    size_t length = strlen(list);

    (void)snprintf(list + length, MTP_BIAS_LIST_TEXT - length, "%s%s",
                   length ? "\n" : "", name);
}

mtp_status mtp_choices_read(const mtp_request *r, mtp_option_index option,
                            mtp_choices *list, mtp_error *err)
{
    *list = (mtp_choices){0};
    for (const char *at = r->given[option]; at && *at;) {
        size_t length = strcspn(at, ",\n"), end = length;
        char name[NAME_BYTES] = "";
        const char *from = at;
        int which;

        for (; end > 0 && is_blank(*from); end--) {
            from++;
        }
        while (end > 0 && is_blank(from[end - 1])) {
            end--;
        }
        if (end < sizeof name) {
            memcpy(name, from, end);
        }
        if (end == 0) {
            return mtp_fail(err, MTP_E_ARG,
                            "--%s: a name is missing between the commas",
                            mtp_option_get(option)->name);
        }
        which = mtp_option_choice(option, name);
        if (which < 0) {
            return unknown(option, from, end, err);
        }
        add_choice(list, which);
        at += length + (at[length] != '\0');
    }
    return MTP_OK;
}
