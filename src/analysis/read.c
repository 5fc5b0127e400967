/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a table is read, by the options of a request. */
#include "analysis/options.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

/* "NR, -99" as an array that ends in NULL, in one allocation; NULL without memory. */
static char **split_words(const char *list)
{
    size_t length = strlen(list), n = 0;
    char **word = malloc((length + 2) * sizeof *word + length + 1);
    char *text;

    if (!word) {
        return NULL;
    }
    text = memcpy(word + length + 2, list, length + 1);
    for (char *end = text; end; text = end + 1) {
        char *last;

        end = strchr(text, ',');
        last = end ? end : text + strlen(text);
        text += strspn(text, " \t");
        while (last > text && (last[-1] == ' ' || last[-1] == '\t')) {
            last--;
        }
        *last = '\0';
        word[n++] = text;
        if (!end) {
            break;
        }
    }
    word[n] = NULL;
    return word;
}

mtp_status mtp_request_read_table(const mtp_request *request, const char *path,
                                  mtp_table **table, mtp_problems *problems,
                                  mtp_error *err)
{
    const char *delimiter = mtp_request_value(request, MTP_OPT_DELIMITER);
    const char *missing = mtp_request_value(request, MTP_OPT_MISSING);
    char **words = missing ? split_words(missing) : NULL;
    mtp_table_options options;
    mtp_status status;

    if (missing && !words) {
        return mtp_fail_nomem(err);
    }
    mtp_table_options_init(&options, sizeof options);
    options.decimal = mtp_request_value(request, MTP_OPT_DECIMAL)[0];
    options.missing = (const char *const *)words;
    if (delimiter) {
        options.delimiter = delimiter[0] == 'c'   ? ','
                            : delimiter[0] == 's' ? ';'
                                                  : '\t';
    }
    options.table = mtp_request_value(request, MTP_OPT_TABLE);
    options.forgiving = request->command == MTP_COMMAND_LINT;
    options.threads = (unsigned)mtp_request_number(request, MTP_OPT_THREADS);
    status = mtp_table_read(path, &options, table, problems, err);
    free(words);
    return status;
}
