using System.Diagnostics;
using Actors.Access;
using Actors.Api;
using Actors.Clients;
using Actors.Http;
using Actors.OpenApi;
using Microsoft.Extensions.Options;

namespace Actors.Sessions;

/// <summary>
/// Routes of recall, the busiest there are. So they take the request as it comes, and nothing is bound, wrapped or formatted
/// that an answer does not need. An answer the session repeats is sent from <see cref="RepeatedRecalls"/>.
/// </summary>
internal sealed class RecallApi(IGrainFactory grains, RepeatedRecalls repeated)
{
    public Task AskByQueryAsync(HttpContext http)
    {
        var question = http.Request.QueryString.Value ?? "";
        return repeated.Find(question) is { } known
            ? AnswerAsync(http, known.Call, question, known)
            : AnswerAsync(http, RecallBinding.FromQuery(http.Request.Query), question, known: null);
    }

    public async Task AskByBodyAsync(HttpContext http)
    {
        using var body = await JsonBody.ReadAsync(http.Request, http.RequestAborted);
        await AnswerAsync(http, RecallBinding.FromBody(body.RootElement), question: null, known: null);
    }

    /// <param name="http">The request.</param>
    /// <param name="call">What it asks.</param>
    /// <param name="question">The text under which its answer may be kept; null: it may not.</param>
    /// <param name="known">What was kept under it.</param>
    private async Task AnswerAsync(HttpContext http, RecallCall call, string? question, RepeatedRecall? known)
    {
        Caller.Of(http).EnsureMayRead(call.ClientId);
        var start = Stopwatch.GetTimestamp();
        var timesCleared = repeated.TimesCleared;
        var session = grains.GetGrain<ISessionGrain>(SessionKey.Of(call.ClientId));
        var answer = await session.RecallAsync(call.Request, http.RequestAborted);
        var elapsedMs = Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 3);
        if (answer.IsKnown)
        {
            await RecallResponse.RepeatAsync(http, known!.Json, elapsedMs);
        }
        else if (RecallResponse.IsLarge(answer))
        {
            await RecallResponse.StreamAsync(http, call, answer, elapsedMs);
        }
        else if (question is not null && answer.Tag is { } tag)
        {
            var kept = RepeatedRecall.Of(call, tag, answer);
            repeated.Keep(question, kept, timesCleared);
            await RecallResponse.RepeatAsync(http, kept.Json, elapsedMs);
        }
        else
        {
            await RecallResponse.WriteAsync(http, call, answer, elapsedMs);
        }
    }
}

/// <summary>Composition and routes of <see cref="RecallApi"/>.</summary>
internal static class RecallRoutes
{
    public static void AddRecallApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RepeatedRecallOptions>().BindConfiguration("RepeatedRecalls")
            .Validate(o => o.MaxBytes >= 0, "RepeatedRecalls:MaxBytes must not be negative.")
            .ValidateOnStart();
        builder.Services.AddSingleton(services =>
        {
            var repeated = new RepeatedRecalls(services.GetRequiredService<IOptions<RepeatedRecallOptions>>().Value.MaxBytes);
            services.GetRequiredService<ErasureSignal>().Erased += repeated.Clear;
            return repeated;
        });
        builder.Services.AddSingleton<RecallApi>();
    }

    public static void MapRecall(this IEndpointRouteBuilder memory)
    {
        var recall = memory.ServiceProvider.GetRequiredService<RecallApi>();
        memory.MapGet("/recall", recall.AskByQueryAsync).Describes(() => MemoryDocs.Recall);
        memory.MapPost("/recall", recall.AskByBodyAsync).WithMetadata(new ReadsOnly()).Describes(() => MemoryDocs.RecallByBody);
    }
}
