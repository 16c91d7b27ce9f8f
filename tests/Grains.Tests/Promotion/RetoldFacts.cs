using System.Globalization;

namespace Actors.Grains.Tests.Promotion;

/// <summary>An event: what a speaker says at a moment of theirs, in the words of one telling.</summary>
internal sealed record Told(int Speaker, int Moment, int Telling);

/// <summary>
/// Ten speakers of five clients, who at each of five moments say where they live, what they love and when they work, twice and in other words. Each
/// home and each working time takes the place of the one before; what they love stays.
/// </summary>
internal static class RetoldFacts
{
    public const int Tellings = 2;

    private const int Speakers = 10;
    private const int Moments = 5;
    private const int Clients = 5;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<Told> Say() =>
        from speaker in Enumerable.Range(0, Speakers)
        from moment in Enumerable.Range(0, Moments)
        from telling in Enumerable.Range(0, Tellings)
        select new Told(speaker, moment, telling);

    public static string SqlOf(IEnumerable<Told> said) =>
        "insert into events (client_id, speaker, content, salience_score, occurred_at) values " + string.Join(", ", said.Select(told =>
            $"('c{told.Speaker % Clients}', 'S{told.Speaker}', '{(told.Telling == 0 ? "🍵" : "So.")} {string.Join(". ", WordsOf(told))}.', 0.8, '{At(told.Moment):O}')"));

    /// <summary>The facts of all that was said, with the words that prove them, as the tests read them: one line each.</summary>
    public static IEnumerable<string> Expected(IEnumerable<Told> said) =>
        said.GroupBy(told => (told.Speaker, told.Moment)).SelectMany(group => Enumerable.Range(0, 3).Select(place => (
            Client: $"c{group.Key.Speaker % Clients}", Subject: $"S{group.Key.Speaker}", Content: ContentsOf(group.Key.Speaker, group.Key.Moment)[place],
            From: At(group.Key.Moment).ToUnixTimeSeconds(),
            To: place == 1 || group.Key.Moment == Moments - 1 ? "-" : At(group.Key.Moment + 1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            Proofs: group.Count(), Words: string.Join("; ", group.Select(told => WordsOf(told)[place].Replace("''", "'", StringComparison.Ordinal)).Order(StringComparer.Ordinal)))))
        .OrderBy(fact => fact.Client, StringComparer.Ordinal).ThenBy(fact => fact.Subject, StringComparer.Ordinal).ThenBy(fact => fact.Content, StringComparer.Ordinal)
        .Select(fact => $"{fact.Client}|{fact.Subject}|{fact.Content}|{fact.From}|{fact.To}|{fact.Proofs}|{fact.Words}");

    private static DateTimeOffset At(int moment) => Start.AddDays(moment);

    private static string CityOf(int speaker, int moment) => $"{"ABCDEFGHIJ"[speaker]}{"aeiou"[moment]}nville";

    private static string[] ContentsOf(int speaker, int moment) =>
        [$"Lives in {CityOf(speaker, moment)}", $"Loves board game {moment + 2}", $"Works {moment + 6:00}:00 to {moment + 14}:00"];

    private static string[] WordsOf(Told told)
    {
        var (city, game, from, to) = (CityOf(told.Speaker, told.Moment), told.Moment + 2, told.Moment + 6, told.Moment + 14);
        return told.Telling == 0
            ? [$"I live in {city}", $"I love board game {game}", $"I work from {from} to {to}"]
            : [$"I''m based in {city}", $"I really love board game {game}", $"My office hours are {from}-{to}"];
    }
}
