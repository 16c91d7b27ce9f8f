using Actors.Promotion;

namespace Actors.Grains.Tests.Promotion;

/// <summary>Spans count as Postgres does.</summary>
public class CodePointSpanTests
{
    [Theory]
    [InlineData(0, 1, "a")]
    [InlineData(1, 2, "🍵")]
    [InlineData(2, 3, "b")]
    [InlineData(1, 3, "🍵b")]
    [InlineData(0, 3, "a🍵b")]
    [InlineData(2, 4, null)]
    [InlineData(3, 4, null)]
    [InlineData(1, 1, null)]
    [InlineData(2, 1, null)]
    [InlineData(-1, 1, null)]
    [InlineData(int.MaxValue - 1, int.MaxValue, null)]
    public void a_span_is_cut_between_code_points_and_there_or_not(int start, int end, string? expected) => Assert.Equal(expected, CodePointSpan.Slice("a🍵b", start, end));
}
