/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Any bytes as JSON: our reader takes what jansson's takes, as the same values, and
 * says where the rest is wrong. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

/* What is written reads back the same. */
static void check_written(json_t *root)
{
    mtp_strbuf out;
    json_t *again;

    mtp_strbuf_init(&out);
    mtp_json_write(root, &out);
    require(!out.failed);
    again = mtp_json_read(out.text, out.length, NULL);
    require(again && json_equal(root, again));
    json_decref(again);
    mtp_strbuf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mtp_error err = {0};
    json_t *ours = mtp_json_read((const char *)data, size, &err);
    json_t *theirs =
        json_loadb((const char *)data, size, JSON_DECODE_INT_AS_REAL, NULL);

    if (size > 0 && memchr(data, '\0', size)) {
        require(!ours); /* jansson's loses one that follows a number */
    } else {
        require(!ours == !theirs);
    }
    if (ours) {
        require(json_equal(ours, theirs));
        check_written(ours);
    } else {
        require(err.status == MTP_E_SYNTAX && err.line > 0 && err.message[0]);
    }
    json_decref(ours);
    json_decref(theirs);
    return 0;
}
