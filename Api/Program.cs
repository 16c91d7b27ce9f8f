using Actors.Access;
using Actors.Api;
using Actors.Changes;
using Actors.Clients;
using Actors.Facts;
using Actors.Hosting;
using Actors.Http;
using Actors.Idempotency;
using Actors.OpenApi;
using Actors.Ops;
using Actors.Patterns;
using Actors.Planning;
using Actors.Promotion;
using Actors.Runs;
using Actors.Sessions;
using Actors.Work;

return await CommandLine.RunAsync(args, ApiCommand.Syntax, async arguments =>
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Configuration.AddCommandLine(arguments.Settings);
    builder.AddLogs();
    if (await builder.CheckAsync() || await builder.BackUpAsync())
    {
        return;
    }

    await using var actors = await builder.AddActorsAsync(arguments);
    if (await builder.MaintainAsync(arguments))
    {
        return;
    }

    builder.AddHttp();
    builder.AddAccess();
    builder.AddOps();
    builder.Services.AddSingleton<IdempotentWrites>();
    builder.AddSessionApi();
    builder.AddFactApi();
    builder.AddChangeApi();
    builder.AddWorkflowSeed(arguments);

    await using var app = builder.Build();
    app.UseHttp();
    app.UseAccess();
    app.UseActors();
    app.MapSessions();
    app.MapFacts();
    app.MapPromotions();
    app.MapChanges();
    app.MapPatterns();
    app.MapRuns();
    app.MapPlans();
    app.MapWork();
    app.MapClients();
    app.MapAccess();
    app.MapOps();
    app.MapActors();
    app.MapOpenApi();
    await app.RunAsync();
});
