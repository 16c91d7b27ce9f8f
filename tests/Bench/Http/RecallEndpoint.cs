using Actors.Access;
using Actors.Api;
using Actors.Hosting;
using Actors.Http;
using Actors.Ops;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Actors.Bench.Http;

/// <summary>
/// What recall is compared with: the service with nothing behind its middleware but bytes that are there already, and in the
/// cluster build an empty grain call. A process of its own, composed as the service's Program is, down to routing, keys,
/// metrics and the access log.
/// </summary>
internal static class RecallEndpoint
{
    public const string Command = "recall-endpoint";

    /// <summary>Configuration key of the folder whose files are the answers.</summary>
    public const string AnswersKey = "Bench:Answers";

    public static Task<int> RunAsync(string[] args) => CommandLine.RunAsync(args, ApiCommand.Syntax, async arguments =>
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddCommandLine(arguments.Settings);
        builder.AddLogs();
        await using var actors = await builder.AddActorsAsync(arguments);
        builder.AddHttp();
        builder.AddAccess();
        builder.AddOps();

        await using var app = builder.Build();
        app.UseHttp();
        app.UseAccess();
        app.UseActors();
        app.MapOps();
        foreach (var file in Directory.EnumerateFiles(app.Configuration[AnswersKey]!))
        {
            var body = await File.ReadAllBytesAsync(file);
            app.MapGet(PathOf(Path.GetFileName(file)), async (HttpResponse response, IGrainFactory grains, CancellationToken cancellationToken) =>
            {
                await BenchHost.CallAsync(grains, cancellationToken);
                await WriteAsync(response, body, cancellationToken);
            });
        }

        await app.RunAsync();
    });

    /// <summary>Where an answer is.</summary>
    public static string PathOf(string name) => $"/api/v1/memory/{name}";

    // With its length, as the service writes its answers.
    private static async Task WriteAsync(HttpResponse response, byte[] body, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, cancellationToken);
    }
}
