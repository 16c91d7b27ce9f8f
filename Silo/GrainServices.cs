using Actors.Access;
using Actors.Clients;
using Actors.Facts;
using Actors.Idempotency;
using Actors.Patterns;
using Actors.Planning;
using Actors.Runs;
using Actors.Secrets;
using Actors.Sessions;
using Actors.Sessions.Recall;
using Actors.Storage;
using Actors.Work;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Hosting;

/// <summary>The composition root of a silo: everything its grains are built from, whichever host they run in.</summary>
public static class GrainServices
{
    /// <summary>
    /// Registers the grains' services. The data source comes from the connection string <c>Postgres</c>, read when it is
    /// first needed.
    /// </summary>
    public static IServiceCollection AddGrainServices(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => PostgresConnections.Create(
            provider.GetRequiredService<IConfiguration>().GetConnectionString("Postgres")
            ?? throw new InvalidOperationException("No connection string 'Postgres' is configured."),
            provider.GetService<HostIdentity>()));
        services.AddSingleton<WriteGate>();
        services.AddSingleton<Database>();
        services.AddSingleton<HotClients>();

        services.AddOptions<SessionOptions>().BindConfiguration("Sessions")
            .Validate(o => o.MaxHotEvents >= 1, "Sessions:MaxHotEvents must be at least 1.")
            .Validate(o => o.MaxHotCharacters >= 1024 * 1024, "Sessions:MaxHotCharacters must be at least 1048576.")
            .Validate(o => o.MaxHotBytes >= 1024 * 1024, "Sessions:MaxHotBytes must be at least 1048576.")
            .Validate(o => o.LoadWait > TimeSpan.Zero, "Sessions:LoadWait must be positive.")
            .Validate(o => o.MaxWaitingMemories >= RememberRequest.MaxMemories, $"Sessions:MaxWaitingMemories must be at least {RememberRequest.MaxMemories}.")
            .Validate(o => o.MemoriesPerCommit >= 1, "Sessions:MemoriesPerCommit must be at least 1.")
            .Validate(o => o.MaxWaitingCharacters >= 1024 * 1024, "Sessions:MaxWaitingCharacters must be at least 1048576.")
            .Validate(o => o.CharactersPerCommit >= 1, "Sessions:CharactersPerCommit must be at least 1.")
            .Validate(o => o.SessionsPerTransaction >= 1, "Sessions:SessionsPerTransaction must be at least 1.")
            .Validate(o => o.TransactionsUnderWay >= 1, "Sessions:TransactionsUnderWay must be at least 1.")
            .Validate(o => o.RecentAnswers >= 0, "Sessions:RecentAnswers must not be negative.")
            .Validate(o => o.CatchUpWait > TimeSpan.Zero, "Sessions:CatchUpWait must be positive.")
            .Validate(o => o.MaxChangesToApply >= 0, "Sessions:MaxChangesToApply must not be negative.")
            .Validate(o => o.MaxCharactersToApply >= 0, "Sessions:MaxCharactersToApply must not be negative.")
            .Validate(o => o.PauseLimit > TimeSpan.Zero, "Sessions:PauseLimit must be positive.")
            .ValidateOnStart();
        services.AddOptions<SecretsOptions>().BindConfiguration("Secrets");
        services.AddSingleton<SecretMetrics>();
        services.AddSingleton<SecretMask>();
        services.AddOptions<RankingOptions>().BindConfiguration("Ranking")
            .Validate(o => o.IsSound, "Ranking: percentages lie in 0..1000, shares in 0..1, weights in -10..10; LeastQuestion and Steepness are positive.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RankingOptions>>().Value);
        services.AddMetrics();
        services.AddSingleton<ProcessPauses>();
        services.AddSingleton<HotMemory>();
        services.AddSingleton<LongWork>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionCommitLine>();
        services.AddSingleton<EventQueryStore>();
        services.AddSingleton<PatternStore>();
        services.AddSingleton<ProcessTemplateStore>();
        services.AddSingleton<PromptTemplateStore>();
        services.AddSingleton<PatternQueryStore>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<RunQueryStore>();
        services.AddOptions<PlannerOptions>().BindConfiguration("Planner")
            .Validate(o => PlannerZone.Find(o.TimeZone) is not null, "Planner:TimeZone must be the IANA name of a time zone, such as America/Los_Angeles.")
            .Validate(o => o.BillableFloorPct is >= 0 and <= 100, "Planner:BillableFloorPct must be 0 to 100.")
            .ValidateOnStart();
        services.AddSingleton(provider => PlannerZone.Find(provider.GetRequiredService<IOptions<PlannerOptions>>().Value.TimeZone)!);
        services.AddSingleton<WorkStore>();
        services.AddSingleton<WorkQueryStore>();
        services.AddSingleton<FactQueryStore>();
        services.AddPlanning();
        services.AddExtraction();
        services.AddSingleton<AccessStore>();
        services.AddSingleton<AccessQueryStore>();

        services.AddOptions<FactOptions>().BindConfiguration("Facts")
            .Validate(o => o.MaxHotFacts >= 1, "Facts:MaxHotFacts must be at least 1.")
            .ValidateOnStart();
        services.AddOptions<SharedFactsOptions>().BindConfiguration("SharedFacts")
            .Validate(o => o.MaxFacts >= 1, "SharedFacts:MaxFacts must be at least 1.")
            .Validate(o => o.RefreshInterval >= TimeSpan.FromMilliseconds(10), "SharedFacts:RefreshInterval must be at least 10 ms.")
            .ValidateOnStart();
        services.AddSingleton<FactStore>();
        services.AddSingleton(provider => new SharedFacts(
            provider.GetRequiredService<FactStore>(), provider.GetRequiredService<HotVectorSource>(), provider.GetRequiredService<IOptions<SharedFactsOptions>>().Value,
            provider.GetRequiredService<RankingOptions>(), provider.GetRequiredService<LongWork>()));

        services.AddSingleton<IdempotencyStore>();
        services.AddOptions<TransferOptions>().BindConfiguration("Transfers")
            .Validate(o => o.MaxAtOnce >= 1, "Transfers:MaxAtOnce must be at least 1.")
            .Validate(o => o.IdleTime > TimeSpan.Zero, "Transfers:IdleTime must be positive.")
            .ValidateOnStart();
        services.AddSingleton<TransferSlots>();
        services.AddSingleton<ExportStore>();
        services.AddSingleton<ImportStore>();
        services.AddSingleton<ErasureStore>();
        services.AddSingleton<ErasedAnswers>();
        services.AddEmbeddings();
        services.AddZep();
        services.AddSharedCache();
        services.AddRetention();
        services.AddChanges();
        services.AddZepQueue();
        services.AddPromotion();

        services.AddHealthChecks()
            .AddCheck<PostgresHealthCheck>("postgres", tags: ["ready"])
            .AddCheck<WritesHealthCheck>("hosting", tags: ["ready"]);
        return services;
    }
}
