using Actors.Access;
using Actors.Api;
using Actors.Facts;
using Actors.Hosting;
using Actors.Http;
using Actors.Idempotency;
using Actors.Migrations;
using Actors.OpenApi;
using Actors.Ops;
using Actors.Postgres;
using Actors.Sessions;

return await CommandLine.RunAsync(args, async arguments =>
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Configuration.AddCommandLine(arguments.Settings);
    builder.AddLogs();

    await using var postgres = await builder.StartPostgresAsync();
    builder.AddActorHost();
    builder.AddHttp();
    builder.AddAccess();
    builder.AddOps();
    builder.Services.AddSingleton<IdempotentWrites>();
    builder.AddSessionApi();
    builder.AddFactApi();

    await using var app = builder.Build();
    if (arguments.MigrateOnly)
    {
        await app.Services.GetRequiredService<MigrationRunner>().ApplyAsync(CancellationToken.None);
        return;
    }

    app.UseHttp();
    app.UseAccess();
    app.MapSessions();
    app.MapFacts();
    app.MapAccess();
    app.MapOps();
    app.MapOpenApi();
    await app.RunAsync();
});
