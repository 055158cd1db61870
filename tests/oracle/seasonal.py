"""Seasons of one series in plain, slow Python: values by month number on the working scale."""

from statistics import mean


def usual(months: dict[int, float], most: int = 6, fewest: int = 3) -> dict[int, float]:
    """Calendar month (0 is January) -> what it usually lies above its year; empty with too few years."""
    last = max(months)
    years = []
    for back in range(most):
        numbers = [last - 12 * back - place for place in range(11, -1, -1)]
        if all(number in months for number in numbers):
            years.append((back, numbers))
    if len(years) < fewest:
        return {}
    means = {back: mean(months[n] for n in numbers) for back, numbers in years}
    newest, oldest = years[0][0], years[-1][0]
    step = (means[newest] - means[oldest]) / (12 * (oldest - newest))
    found: dict[int, list[float]] = {}
    for back, numbers in years:
        for place, number in enumerate(numbers):
            found.setdefault(number % 12, []).append(months[number] - means[back] - step * (place - 5.5))
    return {calendar: mean(values) for calendar, values in found.items()}
