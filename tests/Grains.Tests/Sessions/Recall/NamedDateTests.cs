using System.Globalization;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class NamedDateTests
{
    [Theory]
    [InlineData("What happened on 7 May 2025?", "2025-5-7")]
    [InlineData("What happened on May 7th, 2025?", "2025-5-7")]
    [InlineData("the 3rd of March", "-3-3")]
    [InlineData("in March 2026", "2026-3-")]
    [InlineData("during June or July 2026", "2026-6- 2026-7-")]
    [InlineData("in 2024", "2024--")]
    [InlineData("log of 2026-02-28", "2026-2-28")]
    [InlineData("invoices 2026-02", "2026-2-")]
    [InlineData("Who may march with us?", "")]
    [InlineData("invoice 2025-118", "2025--")]
    [InlineData("How many of 3000?", "")]
    [InlineData("What is new?", "")]
    public void dates_are_read_from_questions(string question, string dates) =>
        Assert.Equal(dates, string.Join(' ', Question.Parse(question).Dates.Select(date => $"{date.Year}-{date.Month}-{date.Day}")));

    [Theory]
    [InlineData("on 7 May 2025", "2025-05-07T23:59:59Z", 1)]
    [InlineData("on 7 May 2025", "2025-05-17T00:00:00Z", 0.8)]
    [InlineData("on 7 May 2025", "2025-06-01T00:00:00Z", 0.4)]
    [InlineData("on 7 May 2025", "2025-05-06T23:59:59Z", 0)]
    [InlineData("on 7 May", "2023-05-07T12:00:00Z", 1)]
    [InlineData("on 28 December", "2026-01-03T12:00:00Z", 0.8)]
    [InlineData("on 28 December", "2026-01-15T12:00:00Z", 0.4)]
    [InlineData("on 28 December", "2025-12-27T12:00:00Z", 0)]
    [InlineData("on 29 February", "2026-03-01T12:00:00Z", 0)]
    [InlineData("on 31 June 2025", "2025-06-30T12:00:00Z", 0)]
    [InlineData("in May 2025", "2025-05-01T00:00:00Z", 1)]
    [InlineData("in May 2025", "2025-06-15T00:00:00Z", 0.5)]
    [InlineData("in May 2025", "2025-06-16T00:00:00Z", 0.2)]
    [InlineData("in December", "2026-01-02T00:00:00Z", 0.5)]
    [InlineData("in December 2025", "2026-01-02T00:00:00Z", 0.5)]
    [InlineData("in December 2025", "2025-01-02T00:00:00Z", 0)]
    [InlineData("in 2025", "2025-01-02T00:00:00Z", 0.3)]
    [InlineData("in May 2025", "2025-05-01T01:00:00+02:00", 0)]
    public void a_time_fits_a_date_as_well_as_it_may_be_told_then(string question, string time, double match) =>
        Assert.Equal(match, Question.Parse(question).DateMatch(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));
}
