import { describe, expect, it } from 'vitest'
import { oppositesOf } from '../../src/answer/opposites.ts'
import { isSwapped } from '../../src/answer/order.ts'

describe('oppositesOf', () => {
  it.each([
    ['Close the valve.', 'Open the valve.'],
    ['Turn the nut counterclockwise.', 'Turn the nut clockwise.'],
    [
      'Turn the knob counterclockwise to open the valve.',
      'Turn the knob clockwise to open and counterclockwise to close the valve.',
    ],
    ['Open the coolant valve before opening the housing.', 'Close the coolant valve before opening the housing.'],
    ['ナットを反时计回りに回す。', 'ナットを时计回りに回す。'],
    ['The device is unsuitable for indoor use.', 'The device is suitable for indoor use.'],
    ['Check the oil every 1 week.', 'Check the oil every 1 day.'],
    ['The annual inspection is done by two.', 'The inspection is done by two every 1 month.'],
    ['四半期の点検は2人で行う。', '点検は每1个月2人で行う。'],
    ['After 500 h or 1 year, whichever comes last.', 'After 500 h or 1 year, whichever comes 1.'],
    ['The tank is higher than the pump.', 'The tank is lower than the pump.'],
    ['The lamp is red.', 'The lamp is green.'],
  ])('finds that "%s" is against "%s"', (statement, source) => {
    expect(oppositesOf(statement, source, '')).not.toEqual([])
  })

  it.each([
    [
      'Turn the knob clockwise to open the valve.',
      'Turn the knob clockwise to open and counterclockwise to close the valve.',
    ],
    ['The valve is on the tank.', 'Switch off the pump on the tank.'],
    ['Before opening the housing, close the coolant valve.', 'Close the coolant valve before opening the housing.'],
    ['Check the oil every day.', 'Check the oil daily.'],
  ])('finds nothing in "%s" against "%s"', (statement, source) => {
    expect(oppositesOf(statement, source, '')).toEqual([])
  })

  it('compares words of two languages', () => {
    expect(oppositesOf('Turn the nut clockwise.', '逆时针旋转螺母。', '', false)).toEqual(['clockwise'])
  })
})

describe('isSwapped', () => {
  it.each([
    ['Open valve B before closing valve A.', 'Close valve A before opening valve B.'],
    ['From the tank to the dryer.', 'From the dryer to the tank.'],
    ['先打开阀B，再打开阀A。', '先打开阀A，再打开阀B。'],
    ['The motor is heavier than the pump.', 'The pump is heavier than the motor.'],
    ['Turn the switch from Auto to Manual.', 'Turn the switch from Manual to Auto.'],
    ['The court moved from Warsaw to Krakow.', 'The court moved from Kraków to Warsaw.'],
  ])('sees that "%s" turns "%s" round', (statement, source) => {
    expect(isSwapped(statement, source)).toBe(true)
  })

  it('lets the same order be said the other way round', () => {
    expect(
      isSwapped(
        '弁座から漏れがある場合、吐出側の弁は吸込側の弁の後に点検する。',
        '弁座から漏れがある場合は、吐出側より先に吸込側の弁を点検する。',
      ),
    ).toBe(false)
    expect(isSwapped('Before opening valve B, close valve A.', 'Close valve A before opening valve B.')).toBe(false)
  })
})
