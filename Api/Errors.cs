using Actors.Access;
using Actors.Changes;
using Actors.Clients;
using Actors.Facts;
using Actors.Hosting;
using Actors.Http;
using Actors.Idempotency;
using Actors.Patterns;
using Actors.Planning;
using Actors.Promotion;
using Actors.Runs;
using Actors.Sessions;
using Actors.Storage;
using Actors.Work;
using Actors.Zep;
using Microsoft.AspNetCore.Diagnostics;

namespace Actors.Api;

/// <summary>The one table from errors to answers. Everything a request throws ends here.</summary>
internal sealed partial class Errors(ILogger<Errors> logger) : IExceptionHandler
{
    private const int RetryAfterSeconds = 2;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var problem = ProblemOf(exception, IsRead(context));
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogUnexpected(exception, exception.GetType().Name);
        }
        else if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            LogUnavailable(exception, problem.Code);
        }

        await ProblemResponse.WriteAsync(context, problem);
        return true;
    }

    /// <summary>The answer to a write that conflicts with what is there, or breaks a rule; null for any other failure.</summary>
    public static Problem? RefusalOf(Exception exception) =>
        ProblemOf(exception, isRead: false) is { Status: StatusCodes.Status409Conflict or StatusCodes.Status422UnprocessableEntity } problem ? problem : null;

    /// <summary>The answer to an error.</summary>
    public static Problem ProblemOf(Exception exception, bool isRead) => exception switch
    {
        InvalidRequestException e => new("Bad Request", 400, "invalid_request", e.Message, "Correct what 'errors' names.") { Errors = e.Faults },
        UnsupportedBodyException e => new("Unsupported Media Type", 415, "unsupported_media_type", e.Message, $"Send the header Content-Type: {e.MediaType}."),
        BadHttpRequestException { StatusCode: 413 } e => new("Content Too Large", 413, "body_too_large", e.Message, "Send less at a time; a batch may be split."),
        BadHttpRequestException { StatusCode: 408 } => new("Request Timeout", 408, "body_too_slow", "The body came too slowly, or stopped.", "Send it again."),
        BadHttpRequestException e => new("Bad Request", e.StatusCode, "bad_http", "The request is not well-formed HTTP.", "Check the client."),
        ForbiddenException e => new("Forbidden", 403, e.Code, e.Message, e.Hint),
        ImportFormatException e => new("Bad Request", 400, "invalid_request", $"Line {e.Line} {e.Message}.", "Correct the line; nothing was stored.") { Errors = [new Fault($"line:{e.Line}", e.Message)] },
        NotFoundException or ClientNotFoundException or FactNotFoundException or RunNotFoundException or PatternNotFoundException or PlanNotFoundException or WorkNotFoundException =>
            new("Not Found", 404, "not_found", exception.Message, "Check the id; ids of other clients look the same as missing ones."),
        OutboxRowKeptException e => new("Conflict", 409, "outbox_row_kept", e.Message, "Wait until it is done; GET /health/detailed says whether it can be."),
        ClientNotEmptyException e => new("Conflict", 409, "client_not_empty", e.Message, "Import into another client, or erase this one first."),
        ImportRefusedException { Code: ImportRefusedException.IdTaken } e => new("Conflict", 409, e.Code, $"Line {e.Line}: {e.Message}", "Nothing was stored. Erase what has those ids, or import into another database."),
        ImportRefusedException e => new("Unprocessable Content", 422, e.Code, $"Line {e.Line}: {e.Message}", "Nothing was stored. Correct the file, or export it again."),
        FactSupersededException e => new("Conflict", 409, "fact_superseded", e.Message, "Look at current_fact_id, if there is one, and decide again.") { CurrentFactId = e.CurrentFactId },
        FactKeyTakenException e => new("Conflict", 409, "fact_key_taken", e.Message, "Look at the fact current_fact_id names: change, correct or retract it first.") { CurrentFactId = e.ConflictingFactId },
        WorkflowInUseException e => new("Conflict", 409, "workflow_in_use", e.Message, "Retire it: set its status to retired."),
        TemplateInUseException e => new("Conflict", 409, "template_in_use", e.Message, "Retire it: set its status to retired."),
        PromptNameTakenException e => new("Conflict", 409, "prompt_name_taken", e.Message, "PATCH a version of it: a new template makes the next one."),
        PromptInUseException e => new("Conflict", 409, "prompt_in_use", e.Message, "Make another version of it active first."),
        PatternRefusedException e => new("Unprocessable Content", 422, e.Code, e.Message, "Correct the request; repeating it unchanged will not help."),
        RunEndedException e => new("Conflict", 409, "run_ended", e.Message, "Look at the run; start a new one for more work."),
        RunIdentifierTakenException e => new("Conflict", 409, "run_identifier_taken", e.Message, "Take another run_identifier, or go on with that run."),
        RunRefusedException e => new("Unprocessable Content", 422, e.Code, e.Message, "Correct the request; repeating it unchanged will not help."),
        PlanStateException e => new("Conflict", 409, e.Code, e.Message, "Look at the plan as it is now."),
        PlanRefusedException e => new("Unprocessable Content", 422, e.Code, e.Message, "Correct the request; repeating it unchanged will not help."),
        LanguageModelException e => new("Bad Gateway", 502, "llm_error", e.Message, "No plan was written. Try again, or with fallback=rules."),
        SprintExistsException e => new("Conflict", 409, "sprint_exists", e.Message, "Change that sprint, or take another week."),
        WorkRefusedException e => new("Unprocessable Content", 422, e.Code, e.Message, "Correct the request; repeating it unchanged will not help."),
        VersionMismatchException e => new("Precondition Failed", 412, "version_mismatch", e.Message, "Read it again, and decide again; its ETag is its version now."),
        FactRefusedException e => new("Unprocessable Content", 422, e.Code, e.Message, "Correct the request; repeating it unchanged will not help."),
        MemoryRefusedException e => new("Unprocessable Content", 422, e.Code, e.Message, "Correct the memory; repeating it unchanged will not help."),
        IdempotencyKeyReusedException e => new("Unprocessable Content", 422, "idempotency_key_reused", e.Message, "Use a new key for a new request."),
        PromotionRefusedException e => new("Conflict", 409, e.Code, e.Message, "Look at the facts that fact_ids names."),
        WebhookRefusedException e => new("Unprocessable Content", 422, e.Code, e.Message, "Repeating it unchanged will not help."),
        KeyRefusedException e => new("Unprocessable Content", 422, e.Code, e.Message, "Correct the key; repeating it unchanged will not help."),
        CursorExpiredException e => new("Gone", 410, "cursor_expired", e.Message, "Start again without 'after': the feed then begins with the oldest change that is kept."),
        TooManyStreamsException e => Unavailable("too_many_streams", e.Message),
        TransfersBusyException e => Unavailable("transfers_busy", e.Message),
        TransferLostException e => Unavailable("transfer_lost", e.Message),
        SessionBusyException e => Unavailable("session_busy", e.Message),
        SessionLoadingException e => Unavailable("session_loading", e.Message) with { Hint = "Nothing was done. Try again after the time in Retry-After; reading goes on meanwhile." },
        WritesSuspendedException e => Unavailable("writes_suspended", e.Message),
        StorageUnavailableException e => Unavailable("storage_unavailable", e.Message),
        NotHostedException e => Unavailable("not_hosted", e.Message),
        _ when ActorConnection.NeverRan(exception) => Unavailable("not_hosted", "The memory is not being served right now."),
        OutcomeUnknownException e => Uncertain("outcome_unknown", e.Message, isRead),
        // An activation that was given up, a call that took too long, or an actor host that failed in the middle of one.
        TimeoutException or OperationCanceledException => Uncertain("timeout", "The request took too long.", isRead),
        OrleansException => Uncertain("not_hosted", "The memory stopped being served while it worked on the request.", isRead),
        _ => new("Internal Server Error", 500, "internal_error", "Something unexpected went wrong.", "Report it with the time of the request."),
    };

    private static bool IsRead(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        || HttpMethods.IsHead(context.Request.Method)
        || context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<ReadsOnly>() is not null;

    private static Problem Uncertain(string code, string detail, bool isRead) => isRead
        ? Unavailable(code, detail)
        : Unavailable(code, detail) with
        {
            Hint = "The write may or may not be stored. Repeat it with the same Idempotency-Key, if it had one; else look first.",
            OutcomeUnknown = true,
        };

    private static Problem Unavailable(string code, string detail) =>
        new("Service Unavailable", 503, code, detail, "Nothing was written. Try again after the time in Retry-After.") { RetryAfterSeconds = RetryAfterSeconds };

    [LoggerMessage(Level = LogLevel.Error, Message = "Request failed with unexpected {ErrorType}")]
    private partial void LogUnexpected(Exception exception, string errorType);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request could not be served: {Code}")]
    private partial void LogUnavailable(Exception exception, string code);
}

/// <summary>Endpoint metadata: writes nothing, whatever its method.</summary>
internal sealed class ReadsOnly;

/// <summary>There is no such thing, or this key may not see it: 404, the same answer for both.</summary>
internal sealed class NotFoundException(string message) : Exception(message);
