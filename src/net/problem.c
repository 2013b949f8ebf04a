/* problem.c - errors as application/problem+json. */
#include "net/problem.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"                             },
    {201, "Created"                        },
    {202, "Accepted"                       },
    {204, "No Content"                     },
    {304, "Not Modified"                   },
    {400, "Bad Request"                    },
    {401, "Unauthorized"                   },
    {403, "Forbidden"                      },
    {404, "Not Found"                      },
    {405, "Method Not Allowed"             },
    {408, "Request Timeout"                },
    {409, "Conflict"                       },
    {411, "Length Required"                },
    {413, "Content Too Large"              },
    {414, "URI Too Long"                   },
    {415, "Unsupported Media Type"         },
    {417, "Expectation Failed"             },
    {422, "Unprocessable Content"          },
    {429, "Too Many Requests"              },
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"          },
    {501, "Not Implemented"                },
    {502, "Bad Gateway"                    },
    {503, "Service Unavailable"            },
    {505, "HTTP Version Not Supported"     },
};

const char *http_reason(int status)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return status < 400 ? "Success" : "Error";
}

static const char *house_detail(int status)
{
    if (status == 503)
        return "not possible just now and nothing was stored; try again";
    if (status == 502)
        return "a service behind this one failed";
    return "our mistake; the log has it under the request id";
}

struct problem problem_from_ctx(const struct ctx *ctx, err_t err)
{
    ASSERT(err != OK);
    bool is_told = ctx->err.code == err;
    struct problem problem = {
        .status = err_http_status(err),
        .code = is_told && ctx->err.slug ? ctx->err.slug : err_slug(err),
        .request_id = ctx->request_id,
    };
    if (problem.status >= 500) {
        problem.detail = house_detail(problem.status);
    } else if (is_told) {
        problem.detail = ctx->err.text;
        problem.field = ctx->err.field;
    }
    if (err == ERR_STALE && is_told)
        problem.version = ctx->err.version;
    return problem;
}

void problem_write(struct buf *buf, const struct problem *problem)
{
    struct json_out out;
    json_out_init(&out, buf);
    json_begin(&out, NULL);
    json_put_cstr(&out, "type", "about:blank");
    json_put_cstr(&out, "title", http_reason(problem->status));
    json_put_i64(&out, "status", problem->status);
    json_put_cstr(&out, "code", problem->code);
    if (problem->detail && problem->detail[0])
        json_put_cstr(&out, "detail", problem->detail);
    if (problem->field && problem->field[0])
        json_put_cstr(&out, "field", problem->field);
    if (problem->version > 0)
        json_put_i64(&out, "current_version", problem->version);
    json_put_str(&out, "request_id", problem->request_id);
    json_end_object(&out);
}
