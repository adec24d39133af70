using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Running;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Running;

public sealed class RecordedEventsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Record_OfTheNewestFirst_HandsOnInTheOrderOfTheAnswers()
    {
        var records = Records(3);
        using var events = Read(new NoiseSampler(), records);
        await using var reader = events.ReadAsync().GetAsyncEnumerator();
        var first = reader.MoveNextAsync().AsTask();
        await Task.WhenAll(records.Select(record => record.Begun.Task)).WaitAsync(Patience);

        records[2].Durable.SetResult();
        records[1].Durable.SetResult();
        Assert.False(first.IsCompleted);
        records[0].Durable.SetResult();

        Assert.True(await first.WaitAsync(Patience));
        var order = new List<int> { Index(reader.Current) };
        while (await reader.MoveNextAsync())
        {
            order.Add(Index(reader.Current));
        }

        Assert.Equal([0, 1, 2], order);
    }

    [Fact]
    public async Task Answers_FasterThanTheJournal_WaitInABoundedNumber()
    {
        var records = Records(4 * RecordedEvents.AtOnce);
        var answered = new TaskCompletionSource();
        var sampler = new NoiseSampler
        {
            BeforeAnswer = count =>
            {
                if (count == RecordedEvents.AtOnce)
                {
                    answered.SetResult();
                }
            },
        };
        using var events = Read(sampler, records);
        var handedOn = 0;
        var reading = Task.Run(async () =>
        {
            await foreach (var samplingEvent in events.ReadAsync())
            {
                Assert.Equal(handedOn++, Index(samplingEvent));
                Assert.InRange(records.Count(record => record.Begun.Task.IsCompleted), handedOn, handedOn + RecordedEvents.AtOnce);
            }
        });

        await records[RecordedEvents.AtOnce - 1].Begun.Task.WaitAsync(Patience);
        Assert.False(answered.Task.IsCompleted);
        records.ForEach(record => record.Durable.SetResult());

        await reading.WaitAsync(Patience);
        Assert.Equal(records.Count, handedOn);
    }

    [Fact]
    public async Task Record_ThatFails_StopsTheSamplerAndIsThrownOnceTheOthersEnded()
    {
        var records = Records(3);
        var cancelled = new TaskCompletionSource();
        using var events = Read(new EndlessSampler(cancelled), records);
        var reading = Task.Run(async () =>
        {
            await foreach (var samplingEvent in events.ReadAsync())
            {
                Assert.Equal(0, Index(samplingEvent));
            }
        });
        await records[2].Begun.Task.WaitAsync(Patience);

        records[0].Durable.SetResult();
        records[1].Durable.SetException(new IOException("disk full"));
        await cancelled.Task.WaitAsync(Patience);
        Assert.False(reading.IsCompleted);
        records[2].Durable.SetException(new IOException("nor this one"));

        Assert.Equal("disk full", (await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(Patience))).Message);
    }

    [Fact]
    public async Task Stop_WhileAnswersWait_HandsOnWhatWasAnswered()
    {
        var records = Records(3);
        var cancelled = new TaskCompletionSource();
        using var events = Read(new EndlessSampler(cancelled), records);
        var order = new List<int>();
        var reading = Task.Run(async () =>
        {
            await foreach (var samplingEvent in events.ReadAsync())
            {
                order.Add(Index(samplingEvent));
            }
        });
        await records[2].Begun.Task.WaitAsync(Patience);

        events.Stop();
        await cancelled.Task.WaitAsync(Patience);
        records.ForEach(record => record.Durable.SetResult());

        await reading.WaitAsync(Patience);
        Assert.Equal([0, 1, 2], order);
    }

    private static List<Record> Records(int count) => [.. Enumerable.Range(0, count).Select(_ => new Record())];

    private static RecordedEvents Read(ISegmentSampler sampler, List<Record> records)
    {
        var segments = Enumerable.Range(0, records.Count)
            .Select(i => Segment.Whole(new NoiseExpression.Draw(NoiseAddress.Of((ulong)i)), 1));
        return new RecordedEvents(
            sampler,
            [.. segments],
            samplingEvent =>
            {
                var record = records[Index(samplingEvent)];
                record.Begun.SetResult();
                return record.Durable.Task;
            },
            CancellationToken.None);
    }

    private static int Index(SamplingEvent samplingEvent) => Assert.IsType<SamplingEvent.Sampled>(samplingEvent).Index;

    private sealed class Record
    {
        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource Durable { get; } = new();
    }

    /// <summary>Answers what it is asked for, and then goes on until it is cancelled.</summary>
    private sealed class EndlessSampler(TaskCompletionSource cancelled) : ISegmentSampler
    {
        public long Cost(Segment segment) => segment.Steps;

        public async IAsyncEnumerable<SamplingEvent> SampleAsync(
            IReadOnlyList<Segment> segments,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var i = 0; i < segments.Count; i++)
            {
                yield return new SamplingEvent.Sampled(i, NoiseSampler.Sample(segments[i]));
            }

            using var told = cancellationToken.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
