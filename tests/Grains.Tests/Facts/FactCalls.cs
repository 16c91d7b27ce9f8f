using Actors.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;

namespace Actors.Grains.Tests.Facts;

/// <summary>Short forms for tests.</summary>
internal static class FactCalls
{
    private static readonly FactAuthor Tester = new("tester");

    public static IFactSubjectGrain Subject(this SessionFixture fixture, string? client, string id = "1") =>
        fixture.Host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject(client, "user", id)));

    public static CreateFactRequest Fact(string content, string? key = null) =>
        new("preference", content, null, null, key, null, null, "{}", [], FactConflict.Refuse, Tester);

    public static async Task<FactRecord> CreateAsync(this IFactSubjectGrain subject, CreateFactRequest request) =>
        (await subject.CreateAsync(request, TestContext.Current.CancellationToken)).Fact;

    public static Task<FactAnswer> ChangeAsync(this IFactSubjectGrain subject, Guid id, string content, DateTimeOffset? at = null) =>
        subject.ChangeAsync(new ChangeFactRequest(id, content, null, at, null, [], Tester), TestContext.Current.CancellationToken);

    public static Task<FactAnswer> CorrectAsync(
        this IFactSubjectGrain subject, Guid id, string? content = null, DateTimeOffset? from = null, DateTimeOffset? to = null, bool isOpenEnded = false) =>
        subject.CorrectAsync(
            new CorrectFactRequest(id, content, from, to, isOpenEnded, "it was wrong", Tester), TestContext.Current.CancellationToken);

    public static Task<FactAnswer> RetractAsync(this IFactSubjectGrain subject, Guid id) =>
        subject.RetractAsync(new RetractFactRequest(id, "never true", Tester), TestContext.Current.CancellationToken);

    /// <summary>Contents of the facts that recall finds.</summary>
    public static async Task<string[]> RecallFactsAsync(
        this ISessionGrain session, string question, DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null) =>
        [.. (await session.RecallAsync(RecallRequest.For(question, 100) with { AsOf = asOf, KnownAt = knownAt }, TestContext.Current.CancellationToken))
            .Hits.Where(hit => hit.Fact is not null).Select(hit => hit.Memory.Content)];
}
